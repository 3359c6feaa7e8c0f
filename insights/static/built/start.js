import {
  a
} from "./chunk-O6LSL3DH.js";
import "./chunk-XSDTV35H.js";
import "./chunk-DOHLBIZH.js";
import "./chunk-HGBIGZET.js";
export {
  a as device
};
