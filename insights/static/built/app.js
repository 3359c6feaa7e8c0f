import {
  a,
  b
} from "./chunk-FPM7DHOW.js";
export {
  b as ask,
  a as say
};
