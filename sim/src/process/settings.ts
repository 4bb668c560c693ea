import Type, { type Static } from "typebox";
import { Value } from "typebox/value";

const SideField = Type.Enum(["vn", "cn"]);
const MqttUrl = Type.String({ pattern: "^(mqtt|mqtts|ws|wss|tcp|ssl)://", maxLength: 512 });
const HttpUrl = Type.String({ pattern: "^https?://", maxLength: 512 });
const Text = Type.String({ minLength: 1, maxLength: 1024 });

const worldSettings = {
  /** A scenario's name (`first-look`) or the path of a scenario file. */
  BATON_SCENARIO: Text,
  /** Checked against the scenario's own site when given. */
  BATON_SITE: Type.Optional(Text),
  /** How much faster than real time the world runs. */
  BATON_SPEED: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 1 }),
  BATON_CLOCK_ORIGIN_MS: Type.Optional(Type.Integer({ minimum: 0 })),
  BATON_CLOCK_SHOWN_MS: Type.Optional(Type.Number({ minimum: 0 })),
  /** Folder for what a restart must not lose; without it everything starts afresh. */
  BATON_DATA: Type.Optional(Text),
};

export const BrokerSettings = Type.Object({
  BATON_MQTT_PORT: Type.Integer({ minimum: 0, maximum: 65535 }),
});
const Port = Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 }));

export const VehicleSettings = Type.Object({
  ...worldSettings,
  BATON_MQTT_URL_VN: MqttUrl,
  BATON_MQTT_URL_CN: MqttUrl,
  /** Where the rosbridge of each side is offered, when the scenario has vehicles that speak ROS 2. */
  BATON_ROS_PORT_VN: Port,
  BATON_ROS_PORT_CN: Port,
});
export const LineCraneSettings = Type.Object({
  ...worldSettings,
  BATON_MQTT_URL_VN: MqttUrl,
  BATON_MQTT_URL_CN: MqttUrl,
});
/** The broker of the side named is needed, the other's is not. */
export const DeviceSettings = Type.Object({
  ...worldSettings,
  BATON_SIDE: SideField,
  BATON_MQTT_URL_VN: Type.Optional(MqttUrl),
  BATON_MQTT_URL_CN: Type.Optional(MqttUrl),
});
export const DemandSettings = Type.Object({
  ...worldSettings,
  BATON_MQTT_URL_VN: MqttUrl,
  BATON_MQTT_URL_CN: MqttUrl,
  BATON_API_URL_VN: HttpUrl,
  BATON_API_URL_CN: HttpUrl,
  BATON_API_TOKEN_VN: Text,
  BATON_API_TOKEN_CN: Text,
});

/** A setting of the environment is missing or wrong; the message names each and what it has to be. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "sim.settings";
}

/**
 * Settings from the environment; names that the schema does not know are left alone.
 * @throws {SettingsError} naming every setting that is missing or wrong.
 */
export function readSettings<P extends Record<string, Type.TSchema>>(
  schema: Type.TObject<P>,
  environment: Readonly<Record<string, string | undefined>>,
): Static<Type.TObject<P>> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.properties)) {
    const text = environment[name];
    if (text !== undefined && text !== "") given[name] = text;
  }
  const settings: unknown = Value.Default(schema, Value.Convert(schema, given));
  if (Value.Check(schema, settings)) return settings;
  const problems = Value.Errors(schema, settings).map((problem) =>
    problem.keyword === "required"
      ? `${problem.params.requiredProperties.join(", ")} not set`
      : `${problem.instancePath.slice(1)} ${problem.message}`,
  );
  throw new SettingsError(`the environment does not fit: ${[...new Set(problems)].join("; ")}`);
}
