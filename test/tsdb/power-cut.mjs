import fs from "node:fs";
import { join } from "node:path";

/** As they are before anybody replaces them. */
const real = { ...fs };

/** A disk writes a block or does not. */
const BLOCK_BYTES = 4096;

/**
 * What of a folder is on the disk, file by file and directory by directory, and what is only said to be: were the power cut
 * now, every block and every name that was not forced to the disk might be as before. One restriction: what is
 * renamed is neither lost nor there twice.
 */
export class PowerCut {
  /** What is on the disk. Files and directories have numbers of their own, because inodes are given again. */
  #durable = new Map();
  /** Inode → number, of what there is now. */
  #numbers = new Map();
  /** Number → a descriptor to read it by, which stays open, so that the inode is not given again meanwhile. */
  #readable = new Map();
  #lastNumber = 0;
  #clock = 0;
  #root;
  #random;

  /** `state`: a file that `save` wrote; without one, all that is there is on the disk. */
  constructor(root, state, random) {
    this.#root = root;
    this.#random = random;
    if (real.existsSync(state)) this.#load(state);
    // All of it gets a number and is held.
    for (const { path, number } of this.#all(root))
      if (!real.existsSync(state)) this.beginSync(number, path)();
  }

  numberOf(path) {
    const { ino } = real.statSync(path, { bigint: true });
    let number = this.#numbers.get(ino);
    if (number === undefined) {
      number = ++this.#lastNumber;
      this.#numbers.set(ino, number);
    }
    if (!this.#readable.has(number)) this.#readable.set(number, real.openSync(path, "r"));
    return number;
  }

  /** Notes what an fsync that begins now brings to the disk. Call the result when it has ended. */
  beginSync(number, path) {
    const at = ++this.#clock;
    const now = this.#isDirectory(number)
      ? { at, entries: this.#entriesOf(path) }
      : { at, bytes: this.#bytesOf(number) };
    return () => {
      if ((this.#durable.get(number)?.at ?? -1) < at) this.#durable.set(number, now);
    };
  }

  /** Makes a directory of what the disk may have, were the power cut now. */
  develop(into) {
    // Sometimes nearly everything is lost, sometimes nearly nothing.
    const luck = [0, 0.1, 0.5, 0.9, 1][Math.floor(5 * this.#random())];
    this.#developDirectory(this.numberOf(this.#root), this.#root, into, luck);
  }

  /** Writes what is on the disk to a file, so that another process can go on with the folder. */
  save(state) {
    const durable = [...this.#durable].map(([number, { entries, bytes }]) => [
      number,
      { at: 0, ...(entries !== undefined ? { entries } : { bytes: bytes.toString("base64") }) },
    ]);
    // Of what is gone the inode may be given again.
    const numbers = this.#all(this.#root).map(({ path, number }) => [
      String(real.statSync(path, { bigint: true }).ino),
      number,
    ]);
    real.writeFileSync(state, JSON.stringify({ lastNumber: this.#lastNumber, durable, numbers }));
  }

  #load(state) {
    const { lastNumber, durable, numbers } = JSON.parse(real.readFileSync(state, "utf8"));
    this.#lastNumber = lastNumber;
    for (const [ino, number] of numbers) this.#numbers.set(BigInt(ino), number);
    for (const [number, { bytes, ...rest }] of durable)
      this.#durable.set(number, {
        ...rest,
        ...(bytes !== undefined && { bytes: Buffer.from(bytes, "base64") }),
      });
  }

  /** Everything below a path, itself first. */
  #all(path) {
    const number = this.numberOf(path);
    if (!this.#isDirectory(number)) return [{ path, number }];
    const below = real.readdirSync(path).flatMap((name) => this.#all(join(path, name)));
    return [{ path, number }, ...below];
  }

  #entriesOf(path) {
    const entries = {};
    for (const name of real.readdirSync(path)) {
      try {
        entries[name] = this.numberOf(join(path, name));
      } catch (error) {
        // Another thread removes it at this moment.
        if (error.code !== "ENOENT") throw error;
      }
    }
    return entries;
  }

  #isDirectory(number) {
    const descriptor = this.#readable.get(number);
    if (descriptor !== undefined) return real.fstatSync(descriptor).isDirectory();
    return this.#durable.get(number)?.entries !== undefined;
  }

  #bytesOf(number) {
    const descriptor = this.#readable.get(number);
    if (descriptor === undefined) return undefined;
    const bytes = Buffer.alloc(real.fstatSync(descriptor).size);
    real.readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes;
  }

  /** `now`: where the directory is; undefined when it was removed. */
  #developDirectory(number, now, into, luck) {
    const before = this.#durable.get(number)?.entries ?? {};
    const after = now === undefined || !real.existsSync(now) ? {} : this.#entriesOf(now);
    real.mkdirSync(into);
    for (const [name, child] of Object.entries(this.#survivors(before, after, luck))) {
      const place = Object.keys(after).find((one) => after[one] === child);
      const path = place === undefined ? undefined : join(now, place);
      if (this.#isDirectory(child)) this.#developDirectory(child, path, join(into, name), luck);
      else real.writeFileSync(join(into, name), this.#survivingBytes(child, luck));
    }
  }

  /** Of each name the old or the new state. */
  #survivors(before, after, luck) {
    const chosen = {};
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const from = before[name] === after[name] || this.#random() < luck ? after : before;
      if (from[name] !== undefined) chosen[name] = from[name];
    }
    for (const [name, child] of Object.entries(after)) {
      const old = Object.keys(before).find((one) => before[one] === child);
      if (old === undefined || old === name) continue;
      if (chosen[old] === child && chosen[name] === child) delete chosen[old];
      if (chosen[old] !== child && chosen[name] !== child) chosen[name] = child;
    }
    return chosen;
  }

  /** Each block as it was forced to the disk, or as it is now; where the file grew, perhaps nothing but zeros. */
  #survivingBytes(number, luck) {
    const before = this.#durable.get(number)?.bytes ?? Buffer.alloc(0);
    const after = this.#bytesOf(number) ?? before;
    const between = before.length + Math.floor(this.#random() * (after.length - before.length));
    const sizes = [before.length, after.length, between];
    const size = this.#random() < luck ? after.length : sizes[Math.floor(3 * this.#random())];
    const bytes = Buffer.alloc(size);
    for (let start = 0; start < size; start += BLOCK_BYTES) {
      const source = this.#random() < luck ? after : before;
      bytes.set(source.subarray(start, Math.min(start + BLOCK_BYTES, size)), start);
    }
    return bytes;
  }
}
