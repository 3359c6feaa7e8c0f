// Ids made on the device: UUID version 7 (RFC 9562), which sort by the time they were made.

function asText(bytes) {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// Each id is greater than the one before, also within a millisecond and when the clock was moved back: the twelve
// bits behind the time count on from a random start, and a full count takes the next millisecond.
export function uuidMaker({ now = Date.now, random = (bytes) => crypto.getRandomValues(bytes) } = {}) {
  let time = -1;
  let count = 0;

  function step(bytes) {
    const clock = Math.floor(now());
    if (clock > time) {
      time = clock;
      count = ((bytes[6] & 0x07) << 8) | bytes[7]; // half of the room is left to count on
    } else if (++count > 0xfff) {
      time += 1;
      count = 0;
    }
  }

  return () => {
    const bytes = random(new Uint8Array(16));
    step(bytes);
    new DataView(bytes.buffer).setUint32(0, Math.floor(time / 0x10000));
    new DataView(bytes.buffer).setUint16(4, time % 0x10000);
    bytes[6] = 0x70 | (count >> 8);
    bytes[7] = count & 0xff;
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    return asText(bytes);
  };
}

export const uuid7 = uuidMaker();
