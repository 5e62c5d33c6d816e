import { holds } from "../chassis/effect-following.ts";
import type { WarmthReading } from "../chassis/warmth.ts";
import { type Fabric, isPort, type Port } from "../fabric/fabric.ts";
import { mix, mixText, unit } from "../seed/mix.ts";
import { inSteps, type Wander, wanderOf } from "../seed/wander.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import { powerRatio } from "./decibels.ts";
import { type Arrivals, ErrorCounts } from "./error-counts.ts";
import { ageing, type Fading, lossAt, receiveLoss } from "./fading.ts";
import { Laser } from "./laser.ts";
import { type Direction, type LightPath, lightPath } from "./light-path.ts";
import type { Optic } from "./optic.ts";
import { transceiverInfo } from "./transceiver-info.ts";
import type {
  LaneReading,
  LineErrorReading,
  OpticsReading,
  TransceiverInfo,
  TransceiverReading,
} from "./transceiver-reading.ts";

/** What sensors of power show when there is no light. */
const DARK_DBM = -30;

const YEAR = 365.25 * 86_400;

/** A driver gives a laser no more than this. */
const MOST_BIAS_AMPERES = 0.015;

/** Of what cannot err. */
export const NO_ERRORS: LineErrorReading = {
  preFecBitErrorRatio: 0,
  correctedCodewords: 0,
  uncorrectableCodewords: 0,
  fcsErrors: 0,
};

/** The link at a port, and the light over it in both directions. */
interface Lit {
  readonly timeline: LinkTimeline;
  readonly effects: EffectIndex;
  readonly arrivals: Arrivals;
  readonly receive: LightPath;
  readonly far: Port | undefined;
  readonly ownLaser: Laser;
  readonly farLaser: Laser;
}

/** What effects take from the light of a port, and what it has counted: for one version of its timeline. */
interface Dimming {
  readonly version: string;
  readonly sent: readonly Fading[];
  readonly received: readonly Fading[];
  readonly counts: ErrorCounts;
}

/** The transceiver in one port: what is constant about it is drawn once. */
export class PortOptics {
  readonly #port: Port;
  readonly #optic: Optic;
  readonly #info: TransceiverInfo;
  readonly #lit: Lit | undefined;
  readonly #ownCelsius: number;
  readonly #volts: number;
  readonly #voltsWander: Wander;
  /** Of each lane's laser at 25 °C, when it is new. */
  readonly #amperes: readonly number[];
  #dimming: Dimming | undefined;

  constructor(
    fabric: Fabric,
    port: Port,
    optic: Optic,
    at: {
      readonly effects: EffectIndex;
      readonly timeline: LinkTimeline | undefined;
      readonly arrivals: Arrivals | undefined;
    },
  ) {
    this.#port = port;
    this.#optic = optic;
    this.#info = transceiverInfo(fabric.seed, port, optic);
    this.#lit = litOf(fabric, port, at);
    const state = mix(mixText(fabric.seed, `optics ${port.switch.name}`), port.index);
    this.#ownCelsius = 4 * (unit(state, 3) - 0.5);
    this.#volts = 3.29 + 0.04 * (unit(state, 1) - 0.5);
    this.#voltsWander = wanderOf(mix(state, 2));
    this.#amperes = Array.from(
      { length: port.profile.lanes },
      (_, lane) => optic.biasAmperes * (1 + 0.1 * (unit(state, 10 + lane) - 0.5)),
    );
  }

  /** At a moment at which the switch is on, which was started at another, and is as warm as said. */
  read(seconds: number, startedAt: number, warmth: WarmthReading): OpticsReading {
    const lit = this.#lit;
    if (lit === undefined)
      return { transceiver: this.#transceiver(seconds, warmth, [], [], 0), errors: NO_ERRORS };
    const dimming = this.#dimmingOf(lit);
    const aged = lossAt(dimming.sent, seconds);
    const transmitted = lit.ownLaser.powers(seconds, aged);
    const arriving = lit.farLaser.powers(
      seconds,
      lit.receive.lossDb + lossAt(dimming.received, seconds),
    );
    const received = this.#isDark(lit, seconds) ? [] : arriving;
    const ratio = lit.timeline.isUp(seconds) ? lit.receive.bitErrorRatio(arriving) : 0;
    return {
      transceiver: this.#transceiver(seconds, warmth, transmitted, received, aged),
      errors: readErrors(dimming.counts, seconds, startedAt, ratio),
    };
  }

  #dimmingOf({ timeline, effects, arrivals, receive, far }: Lit): Dimming {
    const { version } = timeline;
    if (this.#dimming?.version === version) return this.#dimming;
    const own = effects.on(this.#port.switch.name);
    const received = [
      ...(far === undefined ? [] : ageing(effects.on(far.switch.name), far)),
      ...receiveLoss(own, this.#port),
    ];
    this.#dimming = {
      version,
      sent: ageing(own, this.#port),
      received,
      counts: new ErrorCounts(receive, timeline, arrivals, received),
    };
    return this.#dimming;
  }

  /** Whether no light arrives at all: the link is cut, or its far end is off. Too little light is not none. */
  #isDark({ timeline, effects, far }: Lit, seconds: number): boolean {
    if (timeline.isUp(seconds)) return false;
    const isOff =
      far !== undefined &&
      effects
        .on(far.switch.name)
        .some((effect) => effect.kind === "reboot" && holds(effect, seconds));
    return (
      isOff ||
      effects
        .on(timeline.link.id)
        .some((effect) => effect.kind === "link-down" && !effect.isDim && holds(effect, seconds))
    );
  }

  #transceiver(
    seconds: number,
    warmth: WarmthReading,
    transmitted: readonly number[],
    received: readonly number[],
    agedDb: number,
  ): TransceiverReading {
    const celsius =
      warmth.inletCelsius + 17 + this.#ownCelsius + 8 * warmth.load + warmth.missingAirCelsius;
    const drift =
      (1 + 0.004 * (celsius - 25)) * (1 + (0.03 * seconds) / YEAR) * powerRatio(agedDb / 2);
    const lanes = this.#amperes.map((amperes, lane): LaneReading => {
      const sent = transmitted[lane];
      const bias = sent === undefined ? 0 : Math.min(MOST_BIAS_AMPERES, amperes * drift);
      return {
        // Steps of 2 µA, 0.01 dB.
        biasAmperes: inSteps(bias, 500_000),
        receivePowerDbm: inSteps(Math.max(DARK_DBM, received[lane] ?? DARK_DBM), 100),
        transmitPowerDbm: inSteps(Math.max(DARK_DBM, sent ?? DARK_DBM), 100),
      };
    });
    return {
      info: this.#info,
      thresholds: this.#optic.thresholds,
      temperatureCelsius: inSteps(celsius, 100),
      voltageVolts: inSteps(this.#volts + 0.005 * this.#voltsWander(seconds), 1000),
      lanes,
    };
  }
}

function litOf(
  fabric: Fabric,
  port: Port,
  {
    effects,
    timeline,
    arrivals,
  }: {
    readonly effects: EffectIndex;
    readonly timeline: LinkTimeline | undefined;
    readonly arrivals: Arrivals | undefined;
  },
): Lit | undefined {
  const { link } = port;
  if (link === undefined || timeline === undefined || arrivals === undefined) return undefined;
  const isPortEnd = link.port === port;
  const [here, there]: readonly [Direction, Direction] = isPortEnd
    ? ["to-port", "to-peer"]
    : ["to-peer", "to-port"];
  const receive = lightPath(fabric, link, here);
  const send = lightPath(fabric, link, there);
  if (receive === undefined || send === undefined) return undefined;
  const end = isPortEnd ? link.peer : link.port;
  return {
    timeline,
    effects,
    arrivals,
    receive,
    far: isPort(end) ? end : undefined,
    ownLaser: new Laser(fabric, link, there, send),
    farLaser: new Laser(fabric, link, here, receive),
  };
}

function readErrors(
  counts: ErrorCounts,
  seconds: number,
  startedAt: number,
  bitErrorRatio: number,
): LineErrorReading {
  const now = counts.until(seconds);
  const before = startedAt > 0 ? counts.until(startedAt) : undefined;
  const since = (key: keyof typeof now): number =>
    Math.floor(now[key]) - Math.floor(before?.[key] ?? 0);
  return {
    preFecBitErrorRatio: Number(bitErrorRatio.toPrecision(3)),
    correctedCodewords: since("corrected"),
    uncorrectableCodewords: since("uncorrectable"),
    fcsErrors: since("frames"),
  };
}
