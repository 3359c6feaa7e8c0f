import {
  a,
  b
} from "./chunk-BK4CUYPN.js";
export {
  b as ask,
  a as say
};
