// What the browser and the server say in codes, in words that say what to do.

const DEVICE: Record<string, string> = {
  NotAllowedError: "The browser was not allowed to use it. Allow it beside the address of this page, then try again.",
  SecurityError: "The browser does not allow it on this page.",
  NotFoundError: "None was found. Connect one, or choose the other way to begin.",
  OverconstrainedError: "None was found that fits. Connect another, or choose the other way to begin.",
  NotReadableError: "It is there but gives nothing; another program may be using it.",
  AbortError: "It could not be started. Try again.",
};

export interface Devices {
  readonly microphone: boolean;
  readonly camera: boolean;
}

export function named({ microphone, camera }: Devices): string {
  return microphone && camera ? "camera and microphone" : camera ? "camera" : "microphone";
}

/** Why camera or microphone did not open. */
export function deviceTrouble(error: unknown, devices: Devices): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  const known = DEVICE[name];
  const what = `${named(devices).charAt(0).toUpperCase()}${named(devices).slice(1)}`;
  return `${what}: ${known ?? `the browser says ${error instanceof Error ? error.message : String(error)}.`}`;
}

export const INSECURE =
  "This browser gives camera and microphone only to pages of this machine or over HTTPS. Open the page as http://127.0.0.1 on the machine that runs mien serve.";

const CLOSED: Record<number, string> = {
  1001: "The server was stopped.",
  1008: "The server did not accept what this page sent.",
  1009: "A piece was larger than the server accepts.",
  1013: "The server has no room for another stream. Try again when another one has ended.",
  4408: "The stream was idle for too long, so the server closed it.",
};

/** Codes after which trying again by itself would only repeat the trouble. */
const LASTING = new Set([1008, 1009, 1013, 4408]);

export const lasting = (code: number): boolean => LASTING.has(code);

export const closed = (code: number, said: string): string => said || CLOSED[code] || "The connection to the server broke.";
