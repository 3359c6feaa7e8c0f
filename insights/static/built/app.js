import {
  a,
  b
} from "./chunk-LPVA26LA.js";
export {
  b as ask,
  a as say
};
