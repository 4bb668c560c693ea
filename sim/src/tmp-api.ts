import { createServer } from "node:http";
for (const [side, port] of [["vn", 28081], ["cn", 28082]] as const) {
  const missions: object[] = [];
  createServer((req, res) => {
    let text = "";
    req.on("data", (c) => (text += c));
    req.on("end", () => {
      res.setHeader("content-type", "application/json");
      if (req.method === "GET") return res.end(JSON.stringify(missions));
      const body = JSON.parse(text);
      const order = body.order ?? body;
      missions.push({ orderId: order.orderId, bound: (side === "vn") === (order.direction === "export") ? "outbound" : "inbound", status: "running", step: body.step ?? "admit-truck" });
      res.statusCode = 201;
      res.end(JSON.stringify({ missionId: "m" + missions.length, existed: false }));
    });
  }).listen(port, "127.0.0.1");
}
