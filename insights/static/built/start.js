import {
  a
} from "./chunk-AHDQU3OC.js";
import "./chunk-2UVOZIAI.js";
import "./chunk-GNC76OGV.js";
import "./chunk-M2IIPADL.js";
export {
  a as device
};
