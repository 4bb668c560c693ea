import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";

/** What a client of rosbridge v2 may say (ROSBRIDGE_PROTOCOL.md, section 3.3), by the fields that are read. */

const Id = { id: Type.Optional(Type.String({ maxLength: 512 })) };
const Name = Type.String({ minLength: 1, maxLength: 256 });
const Args = Type.Optional(Type.Object({}));
const op = <O extends string>(name: O) => Type.Literal(name);

const ClientMessage = Type.Union([
  Type.Object({ op: op("subscribe"), ...Id, topic: Name, type: Type.Optional(Name) }),
  Type.Object({ op: op("unsubscribe"), ...Id, topic: Name }),
  Type.Object({ op: op("call_service"), ...Id, service: Name, args: Args }),
  Type.Object({ op: op("send_action_goal"), ...Id, action: Name, action_type: Name, args: Args }),
]);
export type ClientMessage = Static<typeof ClientMessage>;

const check = Compile(ClientMessage);

/** Reads one message. Never throws. */
export function readClientMessage(
  text: string,
): { readonly ok: true; readonly value: ClientMessage } | { readonly ok: false; readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: "is not JSON" };
  }
  if (check.Check(value)) return { ok: true, value };
  return {
    ok: false,
    reason: "is none of subscribe, unsubscribe, call_service, send_action_goal, or lacks a field",
  };
}
