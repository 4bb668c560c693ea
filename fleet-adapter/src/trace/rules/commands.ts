import type { TraceFactsheet } from "../messages.ts";
import { isOf, type Rule, saidAs } from "../rule.ts";
import { sections } from "../versions.ts";

/** Rules on what a fleet control may tell which vehicle, and when. */

const IN_CONTROL: ReadonlySet<string> = new Set(["AUTOMATIC", "SEMIAUTOMATIC"]);
/** What asks for nothing to be done, or only for standing still. */
const HARMLESS: ReadonlySet<string> = new Set([
  "stateRequest",
  "factsheetRequest",
  "startPause",
  "cancelOrder",
]);

const modes: Rule = {
  id: "operating-mode-respected",
  party: "fleet control",
  says: "No orders or actions to a vehicle that the fleet control is not in control of; INTERVENED takes orders and cancelOrder.",
  sections: sections("6.10.6 (operating modes)", "6.6.6 (table 11)"),
  check({ heard }, judge) {
    for (const one of heard) {
      const { state } = one.before;
      const isOrder = isOf(one, "order");
      if (state === undefined || !(isOrder || isOf(one, "instantActions"))) continue;
      judge.occasion(one);
      const mode = state.value.operatingMode;
      if (IN_CONTROL.has(mode) || (mode === "INTERVENED" && isOrder)) continue;
      const types = isOf(one, "instantActions")
        ? one.message.actions.map(({ actionType }) => actionType)
        : ["an order"];
      const wrong = types.filter((type) => !(mode === "INTERVENED" && type === "cancelOrder"));
      if (wrong.length === 0) continue;
      const finding = {
        expected: `nothing of that kind in ${mode}`,
        found: wrong.join(", "),
        because: [state.heard.line],
      };
      if (wrong.every((type) => HARMLESS.has(type))) judge.doubt(one, finding);
      else judge.violation(one, finding);
    }
  },
};

const blocking: Rule = {
  id: "instant-actions-block-nothing",
  party: "fleet control",
  says: "The blockingType of an instant action is NONE.",
  sections: sections(undefined, "6.2.1"),
  check(talk, judge) {
    for (const one of saidAs(talk, "instantActions")) {
      if (one.version !== "3.0") continue;
      judge.occasion(one);
      const action = one.message.actions.find(({ blockingType }) => blockingType !== "NONE");
      if (action !== undefined)
        judge.violation(one, { expected: "NONE", found: `${action.actionType} with ${action.blockingType}` });
    }
  },
};

/** Instant actions that every vehicle understands, listed in its factsheet or not. */
const EVERYBODY: ReadonlySet<string> = new Set([
  "cancelOrder",
  "startPause",
  "stopPause",
  "stateRequest",
  "factsheetRequest",
]);

const skills: Rule = {
  id: "actions-of-factsheet",
  party: "fleet control",
  says: "A vehicle is asked only for actions that its factsheet lists, with the scope that it lists.",
  sections: {
    "2.0": "7.1.3 (agvProtocolFeatures), 6.6.4.2",
    "2.1": "6.15.1 (protocolFeatures), 6.6.4.2",
    "3.0": "7.10 (protocolFeatures), 6.1.4.3",
  },
  check({ heard }, judge) {
    for (const one of heard) {
      const { factsheet } = one.before;
      if (factsheet === undefined) continue;
      const scopes = scopesOf(factsheet);
      const asked: (readonly [type: string, scope: string])[] = [];
      if (isOf(one, "instantActions"))
        for (const { actionType } of one.message.actions) asked.push([actionType, "INSTANT"]);
      if (isOf(one, "order")) {
        for (const { actions } of one.message.order.nodes)
          for (const { actionType } of actions) asked.push([actionType, "NODE"]);
        for (const { actions } of one.message.order.edges)
          for (const { actionType } of actions) asked.push([actionType, "EDGE"]);
      }
      for (const [type, scope] of asked) {
        judge.occasion(one);
        const listed = scopes.get(type);
        if (listed?.has(scope) === true) continue;
        const finding = {
          expected: `${type} listed with scope ${scope}`,
          found: listed === undefined ? "not listed" : `listed with ${[...listed].join(", ")}`,
        };
        if (listed === undefined && scope === "INSTANT" && EVERYBODY.has(type)) judge.doubt(one, finding);
        else judge.violation(one, finding);
      }
    }
  },
};

function scopesOf({ protocolFeatures }: TraceFactsheet): ReadonlyMap<string, ReadonlySet<string>> {
  const listed = protocolFeatures.agvActions ?? protocolFeatures.mobileRobotActions ?? [];
  return new Map(listed.map(({ actionType, actionScopes }) => [actionType, new Set<string>(actionScopes)]));
}

const limits: Rule = {
  id: "limits-of-factsheet",
  party: "fleet control",
  says: "No array of a message is longer than the vehicle's factsheet says that it can take.",
  sections: {
    "2.0": "7.1.3 (protocolLimits)",
    "2.1": "6.15.1 (protocolLimits)",
    "3.0": "7.10 (protocolLimits)",
  },
  check({ heard }, judge) {
    for (const one of heard) {
      const { factsheet } = one.before;
      if (factsheet === undefined) continue;
      const { maxArrayLens, maximumArrayLengths } = factsheet.protocolLimits;
      const lengths: (readonly [key: string, length: number])[] = [];
      if (isOf(one, "order")) {
        const { nodes, edges } = one.message.order;
        lengths.push(["order.nodes", nodes.length], ["order.edges", edges.length]);
        lengths.push(["node.actions", Math.max(0, ...nodes.map(({ actions }) => actions.length))]);
        lengths.push(["edge.actions", Math.max(0, ...edges.map(({ actions }) => actions.length))]);
      } else if (isOf(one, "instantActions")) lengths.push(["instantActions", one.message.actions.length]);
      for (const [key, length] of lengths) {
        const limit = (maxArrayLens ?? maximumArrayLengths)?.[key];
        // 0 is no limit.
        if (typeof limit !== "number" || limit === 0) continue;
        judge.occasion(one);
        if (length > limit) judge.violation(one, { expected: `${key} at most ${limit}`, found: `${length}` });
      }
    }
  },
};

/** Timestamps are written with hundredths or thousandths of a second. */
const ROUNDING_MS = 20;

const pace: Rule = {
  id: "order-interval-of-factsheet",
  party: "fleet control",
  says: "Order messages are sent no faster than the vehicle's factsheet says that it can take them.",
  sections: { "2.0": "7.1.3 (timing)", "2.1": "6.15.1 (timing)", "3.0": "7.10 (timing)" },
  check(talk, judge) {
    let lastAtMs: number | undefined;
    let lastLine = 0;
    for (const one of saidAs(talk, "order")) {
      const atMs = Date.parse(one.header?.timestamp ?? "");
      const timing = one.before.factsheet?.protocolLimits.timing;
      const seconds = timing?.minOrderInterval ?? timing?.minimumOrderInterval;
      if (lastAtMs !== undefined && seconds !== undefined && !Number.isNaN(atMs)) {
        judge.occasion(one);
        const passedMs = atMs - lastAtMs;
        if (passedMs >= 0 && passedMs < seconds * 1000 - ROUNDING_MS)
          judge.violation(one, {
            expected: `${seconds} s or more`,
            found: `${passedMs / 1000} s`,
            because: [lastLine],
          });
      }
      lastAtMs = atMs;
      lastLine = one.line;
    }
  },
};

const asleep: Rule = {
  id: "hibernation-respected",
  party: "fleet control",
  says: "A hibernating vehicle is sent nothing but stopHibernation.",
  sections: sections(undefined, "6.2.3.1 (startHibernation)"),
  check({ heard }, judge) {
    for (const one of heard) {
      if (one.before.connection?.value !== "HIBERNATING") continue;
      const types = isOf(one, "order")
        ? ["an order"]
        : isOf(one, "instantActions")
          ? one.message.actions.map(({ actionType }) => actionType)
          : [];
      if (types.length === 0) continue;
      judge.occasion(one);
      const wrong = types.filter((type) => type !== "stopHibernation");
      if (wrong.length > 0)
        judge.violation(one, {
          expected: "stopHibernation only",
          found: wrong.join(", "),
          because: [one.before.connection.heard.line],
        });
    }
  },
};

const answers: Rule = {
  id: "responses-to-requests",
  party: "fleet control",
  says: "A response names a request that the vehicle's state shows, and each request is answered.",
  sections: sections(undefined, "6.9"),
  check(talk, judge) {
    const open = new Map<string, Parameters<typeof judge.doubt>[0]>();
    const known = new Set<string>();
    for (const one of talk.heard) {
      if (isOf(one, "state")) {
        for (const { requestId, requestStatus } of requestsOf(one.message.state)) {
          if (!known.has(requestId) && requestStatus === "REQUESTED") open.set(requestId, one);
          known.add(requestId);
        }
      } else if (isOf(one, "responses")) {
        for (const { requestId, grantType, leaseExpiry } of one.message.responses) {
          judge.occasion(one);
          open.delete(requestId);
          if (!known.has(requestId))
            judge.violation(one, { expected: "a request that the state has shown", found: requestId });
          const expiresAtMs = leaseExpiry === undefined ? undefined : Date.parse(leaseExpiry);
          const sentAtMs = Date.parse(one.header?.timestamp ?? "");
          if (grantType === "GRANTED" && expiresAtMs !== undefined && expiresAtMs <= sentAtMs)
            judge.violation(one, { expected: "a lease that has not expired", found: `${leaseExpiry}` });
        }
      }
    }
    for (const [requestId, one] of open)
      judge.doubt(one, { expected: `an answer to ${requestId}`, found: "none in this trace" });
  },
};

export function requestsOf(state: {
  readonly zoneRequests?: readonly { readonly requestId: string; readonly requestStatus: string }[];
  readonly edgeRequests?: readonly { readonly requestId: string; readonly requestStatus: string }[];
}): readonly { readonly requestId: string; readonly requestStatus: string }[] {
  return [...(state.zoneRequests ?? []), ...(state.edgeRequests ?? [])];
}

export const COMMAND_RULES: readonly Rule[] = [modes, blocking, skills, limits, pace, asleep, answers];
