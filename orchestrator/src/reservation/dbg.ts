import { siteLayout, siteNetwork } from "./testing/sites.ts";
import { drive, modelLedger } from "./testing/traffic.ts";

const { network, kinematics } = await siteNetwork(process.argv[2]!, "vn");
const layout = siteLayout("x", network);
const n = Number(process.argv[3]);
for (let seed = 0; seed < Number(process.argv[4]); seed++) {
  const t0 = performance.now();
  try {
    console.log(
      seed,
      await drive(
        {
          layout,
          seed,
          vehicles: n,
          tripsEach: 3,
          stops: 0.003,
          lostReports: 0.3,
          newLeaders: Number(process.argv[5] ?? 0),
          kinematics,
        },
        modelLedger(),
      ),
      performance.now() - t0,
    );
  } catch (e) {
    console.log(seed, String(e), (e as any).cause);
  }
}
