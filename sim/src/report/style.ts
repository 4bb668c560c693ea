/** The report's looks: quiet, light and dark, colours that stay apart for the colour-blind (after Okabe and Ito), print. */
export const STYLE = `
:root{color-scheme:light dark;
--paper:#fbfbf9;--card:#ffffff;--ink:#1d252b;--dim:#5c6871;--faint:#dfe3e5;--axis:#9aa4ab;--ground:#f3f3ef;--road:#c9ced1;
--bad:#b3261e;--bad-paper:#fdecea;--good:#2f6f4f;--band:#1d252b14;
--in-bar:#fff;--in-bar-edge:#0007;
--export:#1f6fa8;--import:#c46210;--vn:#b08a3e;--cn:#5a7f9c;
--c-blue:#1f6fa8;--c-sky:#7db8dd;--c-green:#2c8c66;--c-teal:#4fa9a0;--c-purple:#a8659a;--c-orange:#e08b2c;--c-red:#c2452d;--c-yellow:#d9c24a;--c-grey:#c3c9cd;--c-slate:#66788a;--c-brown:#8d6a4f;--heat:#b5371c}
@media (prefers-color-scheme:dark){:root{
--paper:#12171c;--card:#182027;--ink:#e4e9ec;--dim:#9fadb8;--faint:#2a353d;--axis:#5f6d77;--ground:#141b21;--road:#3a4751;
--bad:#ff8a80;--bad-paper:#3a1a18;--good:#8fb7a0;--band:#e4e9ec1c;
--in-bar:#10161b;--in-bar-edge:#fff3;
--export:#58a8dd;--import:#ec9348;--vn:#cba75e;--cn:#86abc7;
--c-blue:#4795cf;--c-sky:#8fc4e6;--c-green:#49ab83;--c-teal:#63bdb3;--c-purple:#c184b4;--c-orange:#efa14c;--c-red:#e0684f;--c-yellow:#e0cc62;--c-grey:#4a565f;--c-slate:#8799aa;--c-brown:#b08d70;--heat:#ff7a52}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1160px;margin:0 auto;padding:36px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:18px;margin:0 0 2px}
p{margin:0}
.question{color:var(--dim);font-size:16px;margin-bottom:14px}
.facts{display:flex;flex-wrap:wrap;gap:2px 22px;color:var(--dim);font-size:13.5px;margin-bottom:20px}
.facts b{color:var(--ink);font-weight:600}
.safety{border-left:4px solid var(--good);background:var(--card);padding:12px 16px;margin-bottom:20px;border-radius:0 6px 6px 0}
.safety.bad{border-color:var(--bad);background:var(--bad-paper)}
.safety ul{margin:6px 0 0;padding-left:18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin-bottom:30px}
.tile{background:var(--card);border:1px solid var(--faint);border-radius:8px;padding:12px 14px}
.tile .name{color:var(--dim);font-size:13px;line-height:1.3}
.tile .value{font-size:25px;font-weight:600;letter-spacing:-.01em;margin-top:2px;line-height:1.25}
.tile .value small{white-space:nowrap;font-size:14px;font-weight:400;color:var(--dim)}
.tile .more{color:var(--dim);font-size:12.5px}
section{background:var(--card);border:1px solid var(--faint);border-radius:8px;padding:18px 20px 12px;margin-bottom:18px;break-inside:avoid}
.reading{color:var(--dim);margin-bottom:10px;max-width:95ch}
.plot{display:block;width:100%;height:auto;font:13px system-ui,"Segoe UI","Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
.plot text{fill:var(--ink)}
.plot .tick{fill:var(--dim);font-size:12.5px}
.plot .axis-title{fill:var(--dim);font-size:12.5px}
.plot .panel-title{font-weight:600;font-size:14px}
.plot .note{fill:var(--dim);font-size:12px}
.plot .key{font-size:13px}
.plot .direct{font-size:13px;font-weight:600}
.plot .row-name,.plot .total,.plot .strong{font-weight:600;font-size:13.5px}
.plot .in-bar{fill:var(--in-bar);font-size:12.5px;font-weight:600;paint-order:stroke;stroke:var(--in-bar-edge);stroke-width:2px}
.plot .halo{paint-order:stroke;stroke:var(--card);stroke-width:3.5px;stroke-linejoin:round}
.plot .grid path{stroke:var(--faint);stroke-width:1}
.plot .axis{stroke:var(--axis);stroke-width:1}
.plot .band{fill:var(--band);stroke:var(--ink);stroke-opacity:.45;stroke-dasharray:2 3;stroke-width:1}
.plot .warm-up{stroke:var(--axis);stroke-dasharray:3 4;fill:none}
.plot .goal{stroke:var(--ink);stroke-opacity:.5;stroke-dasharray:5 4;fill:none}
.plot .highest{stroke:var(--ink);stroke-width:2;fill:none}
.plot .segment{stroke:var(--card);stroke-width:1}
.plot .area{stroke:var(--card);stroke-width:.6}
.plot .station-band{fill:var(--ink);fill-opacity:.07}
.plot .border-line{stroke:var(--bad);stroke-width:1.6;stroke-dasharray:9 4 2 4;fill:none}
.plot .ground{fill:var(--ground)}
.plot .road{fill:none;stroke:var(--road);stroke-width:1.6;stroke-linecap:round}
${[0.16, 0.26, 0.36, 0.48, 0.6, 0.74, 0.87, 1].map((opacity, shade) => `.heat-${shade}{fill:var(--heat);fill-opacity:${opacity}}`).join("")}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-weight:600;color:var(--dim);border-bottom:1px solid var(--axis);padding:5px 10px 5px 0}
td{border-bottom:1px solid var(--faint);padding:4px 10px 4px 0;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}
tr.group td{border-bottom:0;padding-top:14px;font-weight:600}
details{margin-top:6px;font-size:13px;color:var(--dim)}
summary{cursor:pointer}details[open]{flex-basis:100%}
.scroll{max-height:320px;overflow:auto;margin-top:6px;border-top:1px solid var(--faint)}
.scroll th{position:sticky;top:0;background:var(--card)}
a{color:var(--export)}
.data{display:flex;gap:18px;align-items:baseline;flex-wrap:wrap}
pre{background:var(--ground);border:1px solid var(--faint);border-radius:6px;padding:10px 12px;overflow:auto;font:13px/1.45 ui-monospace,"Cascadia Mono",Consolas,monospace;margin:8px 0}
footer{color:var(--dim);font-size:12.5px;margin-top:24px}
@media print{:root{color-scheme:light}body{font-size:11pt}main{padding:0;max-width:none}section,.tile{border-color:#ccc;box-shadow:none}details,.data{display:none}}
`;
