// Photos before they are kept: made small, without what the camera wrote into them.

export const LONGEST_SIDE = 2_048; // pixels
export const LARGEST_FILE = 15 * 1024 * 1024; // bytes of a file that is sent as it is
const QUALITY = 0.85;

// It is no photo that this device or the server could use.
export class NoPhoto extends Error {
  constructor(words) {
    super(words);
    this.name = "NoPhoto";
  }
}

function canvasOf(width, height) {
  if (globalThis.OffscreenCanvas) return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

function jpegOf(canvas) {
  if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
}

async function drawn(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = canvasOf(width, height);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // under what is transparent
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  const blob = await jpegOf(canvas);
  if (!blob?.size) throw new Error("nothing was drawn");
  return { blob, width, height };
}

// {blob, width, height}: a JPEG of at most 2,048 pixels a side. What this browser cannot decode (HEIC on most) goes
// as it is, with width and height null, when it is not too large. Throws NoPhoto.
export async function prepared(file) {
  if (!file.size) throw new NoPhoto("The file is empty. Choose another one.");
  try {
    return await drawn(file);
  } catch {
    if (file.size <= LARGEST_FILE) return { blob: file, width: null, height: null };
    throw new NoPhoto("This phone cannot make the photo smaller, and it is larger than 15 MB. Choose a smaller one.");
  }
}

// Of a Blob or an ArrayBuffer, as hexadecimal digits. Browsers compute it on pages over https alone.
export async function sha256(blob) {
  if (!globalThis.crypto?.subtle) throw new NoPhoto("Photos need a page over https.");
  const bytes = blob instanceof ArrayBuffer ? blob : await blob.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
