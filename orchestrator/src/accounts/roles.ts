/**
 * Who may do what. A role is a responsibility at one agency, not a rank: a customs officer decides on a container and
 * cannot open a lane; a supervisor can, and decides on no container.
 */

export const AGENCIES = ["operator", "customs", "border-guard", "quarantine", "partner", "platform"] as const;
export type Agency = (typeof AGENCIES)[number];

export const ROLES = [
  "viewer",
  "yard-operator",
  "control-operator",
  "supervisor",
  "customs-officer",
  "image-analyst",
  "border-guard",
  "quarantine-officer",
  "partner",
  "order-desk",
  "engineer",
  "auditor",
] as const;
export type Role = (typeof ROLES)[number];

export const AGENCY_OF: Readonly<Record<Role, Agency>> = {
  viewer: "operator",
  "yard-operator": "operator",
  "control-operator": "operator",
  supervisor: "operator",
  "customs-officer": "customs",
  "image-analyst": "customs",
  "border-guard": "border-guard",
  "quarantine-officer": "quarantine",
  partner: "partner",
  "order-desk": "platform",
  engineer: "operator",
  auditor: "operator",
};

const EVERYONE = ROLES;
/** Whoever works at the crossing: anyone of them may stop a vehicle. */
const ON_SITE = ROLES.filter((role) => role !== "partner" && role !== "order-desk" && role !== "auditor");
const CONTROL = ["control-operator", "supervisor", "engineer"] as const;
const AGENTS = ["customs-officer", "border-guard", "quarantine-officer"] as const;

export const PERMISSIONS = {
  "site:read": EVERYONE,
  "order:place": ["order-desk", "engineer"],
  "mission:adopt": ["engineer"],
  "mission:resume": [...CONTROL, ...AGENTS],
  /** To go on against what a device or an agency found: by two people. */
  "mission:override": ["supervisor", ...AGENTS, "engineer"],
  "mission:return": [...CONTROL, ...AGENTS],
  "mission:prioritise": CONTROL,
  "mission:reslot": CONTROL,
  /** Back from the way to the line: whoever may give a container back may call it back. */
  "mission:recall": [...CONTROL, ...AGENTS],
  "mission:assign": CONTROL,
  "mission:divert": [...CONTROL, ...AGENTS],
  /** Through the lane once more. A scan is customs' business, a weight anybody's who stands by the lane. */
  "mission:reweigh": [...CONTROL, ...AGENTS],
  "mission:rescan": ["supervisor", "engineer", "customs-officer", "image-analyst"],
  /** A seal of customs': put on by two of its own people. */
  "mission:reseal": ["customs-officer"],
  /** What no device could read; against what one did read, by two people. */
  "mission:read": ["yard-operator", ...CONTROL],
  "mission:reread": CONTROL,
  /** An agency's yes on paper: by two of its own people. Nobody else decides for it. */
  "mission:paper-customs": ["customs-officer"],
  "mission:paper-border-guard": ["border-guard"],
  "mission:paper-quarantine": ["quarantine-officer"],
  "mission:refuse": [...CONTROL, ...AGENTS],
  /** Back from the line although the partner may have it already. */
  "mission:withdraw": ["supervisor", "border-guard"],
  /** That a vehicle of ours is off the partner's ground frees that ground: by two people. */
  "mission:towed": CONTROL,
  "vehicle:park": ["yard-operator", ...CONTROL],
  "vehicle:stop": ON_SITE,
  "vehicle:resume": ["yard-operator", ...CONTROL],
  "vehicle:fail": CONTROL,
  "vehicle:recover": CONTROL,
  "vehicle:vouch": CONTROL,
  /** To say that a vehicle is off the ground frees that ground. */
  "vehicle:vouch-removed": CONTROL,
  "ground:close": [...CONTROL, "border-guard"],
  "ground:open": CONTROL,
  /** A place in the yard: whoever works there sees first that it is not fit. */
  "station:close": ["yard-operator", ...CONTROL],
  "station:open": CONTROL,
  "alarm:acknowledge": ["yard-operator", ...CONTROL],
  "alarm:shelve": CONTROL,
  "alarm:suppress": ["supervisor", "engineer"],
  /** To say who holds a vehicle whose register is lost: the partner's account says it too. */
  "handoff:resolve": ["supervisor"],
  /** To believe a key of the partner's from here on: by two people. */
  "partner:enrol": ["supervisor", "engineer"],
  /** To bring the partner again what was given up. */
  "partner:redeliver": CONTROL,
  "audit:read": [...CONTROL, "auditor"],
  "account:read": ["supervisor", "auditor", "engineer"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as readonly Permission[];

/** Acts that lower a barrier of safety or law: asked for by one account, done when another one agrees. */
export const FOUR_EYES: ReadonlySet<Permission> = new Set<Permission>([
  "mission:override",
  "mission:reread",
  "mission:reseal",
  "mission:paper-customs",
  "mission:paper-border-guard",
  "mission:paper-quarantine",
  "mission:towed",
  "vehicle:vouch-removed",
  "partner:enrol",
]);

export const permits = ({ role }: { readonly role: Role }, permission: Permission): boolean =>
  PERMISSIONS[permission].some((each) => each === role);

/** Who may do what this account may not: for the answer that refuses it. */
export const rolesFor = (permission: Permission): readonly Role[] => PERMISSIONS[permission];
