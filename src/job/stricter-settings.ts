// What holds for a job whose base is not the default branch: of each setting the stricter of the two. Which base a job has is
// up to whoever asks, so another branch than the default one must not loosen anything. Pure.
import type { GateSettings } from './gate-rules.ts';
import { combinePhases } from './phase-settings.ts';
import type { RepoSettings } from './repo-settings.ts';

/** For everything but who may do what, which is `combineRules` in permissions.ts. */
export function stricterSettings(
  ofDefault: RepoSettings,
  ofBase: RepoSettings,
): Omit<RepoSettings, 'permissions'> {
  const shared = new Set(ofBase.egress);
  const mergeMethod = ofDefault.merge_method ?? ofBase.merge_method;
  const phases = combinePhases(ofDefault.phases, ofBase.phases);
  return {
    egress: (ofDefault.egress ?? []).filter((host) => shared.has(host)),
    gates: stricterGates(ofDefault.gates ?? {}, ofBase.gates ?? {}),
    limits: leastLimits(ofDefault.limits ?? {}, ofBase.limits ?? {}),
    ...stricterChecks(ofDefault, ofBase),
    ...stricterEyes(ofDefault, ofBase),
    ...(Object.keys(phases).length === 0 ? {} : { phases }),
    ...(mergeMethod === undefined ? {} : { merge_method: mergeMethod }),
  };
}

/** Where the default branch says nothing the deployment decides, and another branch can only ask for more than that may. */
function stricterEyes(ofDefault: RepoSettings, ofBase: RepoSettings): Pick<RepoSettings, 'plan' | 'review'> {
  const plan = (['ask', 'auto', 'off'] as const).find(
    (way) => way === ofDefault.plan || (way === ofBase.plan && (way === 'ask' || ofDefault.plan)),
  );
  const review = ofBase.review === 'on' ? 'on' : ofDefault.review;
  return { ...(plan === undefined ? {} : { plan }), ...(review === undefined ? {} : { review }) };
}

/** A rule that is not set is worth what the gate says, which can be more than a warning. */
const FROM_LOOSE_TO_STRICT = ['off', 'warn', undefined, 'block'] as const;

function stricterGates(one: GateSettings, other: GateSettings): GateSettings {
  const strictness = (worth: GateSettings[keyof GateSettings]) => FROM_LOOSE_TO_STRICT.indexOf(worth);
  const rules = Object.keys({ ...one, ...other }) as (keyof GateSettings)[]; // Its keys are what the type is made of.
  return Object.fromEntries(
    rules.map((rule) => [rule, strictness(one[rule]) > strictness(other[rule]) ? one[rule] : other[rule]]),
  );
}

/** Another branch may need another set-up and more checks; leaving one out or emptying it is not up to it. */
function stricterChecks(
  ofDefault: RepoSettings,
  ofBase: RepoSettings,
): Pick<RepoSettings, 'setup' | 'checks' | 'services'> {
  const setup = ofBase.setup ?? ofDefault.setup;
  const checks = { ...ofBase.checks, ...ofDefault.checks };
  const services = { ...ofBase.services, ...ofDefault.services };
  return {
    ...(setup === undefined ? {} : { setup }),
    // None at all, said so on the default branch, also keeps Errand from looking for some.
    ...(Object.keys(checks).length === 0 && !ofDefault.checks ? {} : { checks }),
    ...(Object.keys(services).length === 0 ? {} : { services }),
  };
}

type Limits = NonNullable<RepoSettings['limits']>;

function leastLimits(one: Limits, other: Limits): Limits {
  const names = Object.keys({ ...one, ...other }) as (keyof Limits)[]; // As above.
  return Object.fromEntries(
    names.map((name) => [name, Math.min(one[name] ?? Infinity, other[name] ?? Infinity)]),
  );
}
