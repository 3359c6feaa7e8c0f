// The form sent to the server as it is, where the browser keeps nothing on the device.
import { session } from "../device/session.js";

const OWN = ["segments", "segments_1", "segments_2", "competitors", "products", "more_competitors", "more_products", "proposed", "account", "account_name", "photos", "acknowledged", "question"];

export function sendsDirectly(form, { fields, photos, failed }) {
  let sending = false;

  form.addEventListener("formdata", ({ formData }) => {
    const said = fields();
    for (const name of OWN) formData.delete(name);
    for (const name of ["segments", "competitors", "products", "acknowledged"]) said[name].forEach((value) => formData.append(name, value));
    said.dismissed.forEach((key) => formData.append("proposed", key));
    if (said.account) formData.set("account", said.account);
    if (said.question) formData.set("question", said.question);
    for (const file of photos()) formData.append("photos", file, file.name || "photo.jpg");
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && form.elements.text.value.trim()) event.preventDefault();
  });

  return async function send() {
    try {
      const { csrfToken } = await session();
      if (!form.elements.csrf_token) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token" }));
      form.elements.csrf_token.value = csrfToken;
      sending = true;
      form.submit();
    } catch (error) {
      failed(error);
    }
  };
}
