import {
  a
} from "./chunk-EWRXYDEL.js";
import "./chunk-U6ISYWDO.js";
import "./chunk-7QJFB3LA.js";
import "./chunk-ZVUEWZMS.js";
export {
  a as device
};
