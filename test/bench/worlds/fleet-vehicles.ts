/** A process of its own: many vehicles of VDA 5050 2.1 on a broker, on a few sessions, each with a state a second. */
import { mqttLinks } from "@baton/fleet-adapter";
import { checkOrder } from "@baton/fleet-adapter/vda5050";
import { ModelVehicle } from "../../../fleet-adapter/src/vda5050/core/model-vehicle.ts";
import { factsheetMessage } from "../../fleet/mqtt-vehicle.ts";

const [url, countText] = process.argv.slice(2);
const count = Number(countText);
if (url === undefined || !(count > 0)) throw new Error("fleet-vehicles.ts URL COUNT");

const SESSIONS = 4;
const STATE_EVERY_MS = 1_000;
/** A vehicle reaches a node every so many states. */
const STATES_A_NODE = 3;

const models = Array.from({ length: count }, () => new ModelVehicle("n0"));
const topicOf = (index: number, leaf: string): string => `uagv/v2/sim/v${index}/${leaf}`;
const openLink = mqttLinks({ url });
const links = await Promise.all(
  Array.from({ length: SESSIONS }, async (_, session) => {
    const mine = models.flatMap((_model, index) => (index % SESSIONS === session ? [index] : []));
    const link = openLink({
      clientId: `vehicles-${session}`,
      subscriptions: mine.map((index) => topicOf(index, "order")),
      onMessage: (topic, payload) => {
        const json = payload.json();
        const order = checkOrder(json.ok ? json.value : undefined);
        const model = models[Number(topic.split("/")[3]?.slice(1))];
        if (order.ok) model?.receiveOrder(order.value);
      },
    });
    await link.whenOpen();
    return link;
  }),
);
// Kept by the broker, so that nobody has to ask a thousand vehicles what they are.
const sheet: object = JSON.parse(factsheetMessage());
for (const index of models.keys())
  links[index % SESSIONS]?.publish(
    topicOf(index, "factsheet"),
    { ...sheet, serialNumber: `v${index}` },
    { retain: true },
  );
process.send?.("ready");

let round = 0;
for (const [index, model] of models.entries()) {
  // Spread over the second, as real ones are.
  setTimeout(
    () => {
      setInterval(() => {
        round += 1;
        if ((round + index) % STATES_A_NODE === 0) model.move();
        const state = { ...model.state(Date.now()), serialNumber: `v${index}` };
        links[index % SESSIONS]?.publish(topicOf(index, "state"), state);
      }, STATE_EVERY_MS);
    },
    (index * STATE_EVERY_MS) / count,
  );
}
process.on("message", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
