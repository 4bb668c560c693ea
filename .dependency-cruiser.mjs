/**
 * The arrows of the house, held by the machine: rooms import downwards only, cores touch no I/O.
 * `scripts/check.ts` runs this and also asserts that it read modules at all.
 */
const room = (name) => `^${name}/src`;
const onlyFrom = (name, allowed) => ({
  name: `${name}-imports-only-${allowed.length === 0 ? "itself" : allowed.join("-")}`,
  severity: "error",
  from: { path: `^${name}/` },
  to: {
    path: `^(maps|fleet-adapter|orchestrator|sim|twin-ui|test|scripts)/`,
    pathNot: `^(${[name, ...allowed].join("|")})/`,
  },
});

const io =
  "^(node:)?(fs|net|http|https|tls|dgram|child_process|worker_threads)(/|$)|node_modules/(ioredis|mqtt|fastify|@fastify|pino|prom-client)/";

export default {
  forbidden: [
    onlyFrom("maps", []),
    onlyFrom("fleet-adapter", ["maps"]),
    onlyFrom("orchestrator", ["maps", "fleet-adapter"]),
    onlyFrom("sim", ["maps", "fleet-adapter", "orchestrator"]),
    onlyFrom("twin-ui", ["maps", "orchestrator/src/contract"]),
    {
      name: "products-never-import-scripts-or-tests",
      severity: "error",
      from: { path: "^(maps|fleet-adapter|orchestrator|sim|twin-ui)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(scripts|test)/" },
    },
    {
      name: "contract-imports-only-the-schema-library",
      severity: "error",
      from: { path: "^orchestrator/src/contract/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^orchestrator/src/contract/|node_modules/typebox/|^maps/src" },
    },
    {
      name: "cores-touch-no-io",
      severity: "error",
      from: { path: "^(fleet-adapter|orchestrator|sim)/src/.*/?core/", pathNot: "\\.test\\.ts$" },
      to: { path: io },
    },
    {
      name: "only-the-link-speaks-mqtt",
      comment:
        "Rooms are given how to open a session; in fast time nothing of it may need a machine. The recorder of traces takes messages down as the broker sends them.",
      severity: "error",
      from: {
        path: "^(maps|fleet-adapter|orchestrator|sim|twin-ui)/",
        pathNot: "^fleet-adapter/src/link/|^fleet-adapter/src/trace/recorder\\.ts$|\\.test\\.ts$",
      },
      to: { path: "node_modules/mqtt/" },
    },
    {
      name: "a-protocol-knows-no-other",
      comment: "What vehicles of all protocols share (chart, delivery, names) stands beside their rooms.",
      severity: "error",
      from: { path: "^fleet-adapter/src/(vda5050|ros2)/" },
      to: { path: "^fleet-adapter/src/(vda5050|ros2)/", pathNot: "^fleet-adapter/src/$1/" },
    },
    {
      name: "reservation-knows-no-mission",
      comment: "The real-time core serves missions, hand-off and dispatch; it knows none of them.",
      severity: "error",
      from: { path: room("orchestrator") + "/reservation/" },
      to: { path: room("orchestrator") + "/(mission|dispatch|gate|handoff|api|accounts|audit)/" },
    },
    {
      name: "only-the-composition-imports-the-api",
      severity: "error",
      from: { path: room("orchestrator") + "/(reservation|mission|dispatch|gate|handoff|accounts|audit)/" },
      to: { path: room("orchestrator") + "/api/" },
    },
    {
      name: "the-emulated-partner-is-not-baton",
      comment:
        "It speaks the protocol from its published description; what it shared with Baton it could not find wrong.",
      severity: "error",
      from: { path: "^sim/src/partner/" },
      to: { path: "^(orchestrator|fleet-adapter)/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|\\.baton)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
