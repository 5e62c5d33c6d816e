// Loaded before a program (`node --import`): notes what it forces to the disk below a folder, and at random moments makes "a
// photo" of what would be left, were the power cut. What it is told stands in LINKLIGHT_RECORDED_DISK, as JSON:
//
//   root    the folder; all that is in it at the start is on the disk, unless `state` says what is
//   photos  the folder that photos go to: NUMBER/ what is left, NUMBER.json what the program had said by then
//   state   a file that says at the end what is on the disk, so that another process can go on
//   seed    of the moments and of what is lost
//   end     the number of the change before which the process is killed, after a last photo
import fs from "node:fs";
import fsp from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join, sep } from "node:path";
import process from "node:process";
import { PowerCut } from "./power-cut.mjs";

const real = { ...fs };
const { root, photos, state, seed, end } = JSON.parse(process.env.LINKLIGHT_RECORDED_DISK ?? "{}");

/** How often a change is worth a photo: most are of the log. */
const LOG_PROBABILITY = 0.005;
const OTHER_PROBABILITY = 0.05;

let randomState = seed >>> 0;
function random() {
  randomState = (Math.imul(randomState, 1_664_525) + 1_013_904_223) >>> 0;
  return randomState / 2 ** 32;
}

const disk = new PowerCut(root, state, random);
let changes = 0;
let photoCount = 0;
/** The number behind each word that the program said last: "committed 12" is what it promised. */
const said = {};
/** What is open: descriptor → its number and its path when it was opened. */
const open = new Map();

function takePhoto() {
  try {
    disk.develop(join(photos, String(photoCount)));
    real.writeFileSync(join(photos, `${photoCount}.json`), JSON.stringify(said));
  } catch (error) {
    // The program would take it for an error of its disk.
    real.writeSync(2, `no photo: ${error.stack}\n`);
    process.exit(70);
  }
  photoCount++;
}

/** Before every change. */
function change(probability = OTHER_PROBABILITY) {
  changes++;
  if (changes >= end) {
    takePhoto();
    disk.save(state);
    process.kill(process.pid, "SIGKILL");
  }
  if (random() < probability) takePhoto();
}

function isOurs(path) {
  return typeof path === "string" && (path === root || path.startsWith(root + sep));
}

fs.openSync = (path, flags = "r", mode) => {
  if (isOurs(path) && flags !== "r") change();
  const descriptor = real.openSync(path, flags, mode);
  if (isOurs(path)) open.set(descriptor, { path, number: disk.numberOf(path) });
  return descriptor;
};
fs.closeSync = (descriptor) => {
  open.delete(descriptor);
  real.closeSync(descriptor);
};
fs.writeSync = (descriptor, ...rest) => {
  const one = open.get(descriptor);
  if (one !== undefined) change(/wal.\d+$/.test(one.path) ? LOG_PROBABILITY : OTHER_PROBABILITY);
  const count = real.writeSync(descriptor, ...rest);
  const [, word, number] = (descriptor === 1 && /^(\w+) (\d+)\n$/.exec(rest[0])) || [];
  if (word !== undefined) said[word] = Number(number);
  // Rare, and the next commit may bring it to the disk.
  if (word === "deleted") takePhoto();
  return count;
};
fs.ftruncateSync = (descriptor, length) => {
  if (open.has(descriptor)) change();
  real.ftruncateSync(descriptor, length);
};
fs.fsyncSync = (descriptor) => {
  const done = beginSync(open.get(descriptor));
  real.fsyncSync(descriptor);
  done();
};
fs.fsync = (descriptor, callback) => {
  const done = beginSync(open.get(descriptor));
  real.fsync(descriptor, (error) => {
    if (error === null) done();
    callback(error);
  });
};

function beginSync(one) {
  if (one === undefined) return () => {};
  change(LOG_PROBABILITY);
  return disk.beginSync(one.number, one.path);
}

for (const name of ["truncate", "rename", "rm", "mkdir", "writeFile", "link", "unlink"]) {
  for (const [module, method] of [
    [fs, `${name}Sync`],
    [fsp, name],
  ]) {
    const original = module[method];
    module[method] = (path, ...rest) => {
      if (isOurs(path)) change();
      return original(path, ...rest);
    };
  }
}

const openHandle = fsp.open;
fsp.open = async (path, flags = "r", mode) => {
  // Who creates or writes files by handles must be recorded first.
  if (isOurs(path) && flags !== "r" && flags !== "r+")
    throw new Error(`recorded disk: ${path} opened by a handle for "${flags}"`);
  const handle = await openHandle(path, flags, mode);
  if (!isOurs(path)) return handle;
  const one = { path, number: disk.numberOf(path) };
  const sync = handle.sync.bind(handle);
  handle.sync = async () => {
    const done = beginSync(one);
    await sync();
    done();
  };
  for (const name of ["write", "writeFile", "truncate", "datasync"])
    handle[name] = () => {
      throw new Error(`recorded disk: ${name} by a handle of ${path}`);
    };
  return handle;
};

syncBuiltinESMExports();
