"use strict";
// Renders /openapi.json with text nodes only; nothing is fetched from another host.
const make = (tag, text, name) => {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (name) node.className = name;
  return node;
};

const typeOf = (schema) =>
  schema.type || (schema.anyOf || []).map((one) => one.type || "object").join(" | ") || "any";

const fields = (operation) => {
  const rows = (operation.parameters || []).map((one) => [
    one.name, `${one.in}, ${typeOf(one.schema || {})}`, one.required, one.description,
  ]);
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  for (const [name, schema] of Object.entries(body?.properties || {})) {
    rows.push([name, `body, ${typeOf(schema)}`, (body.required || []).includes(name), schema.description]);
  }
  return rows;
};

const show = (spec) => {
  const routes = document.getElementById("routes");
  routes.replaceChildren();
  for (const [path, operations] of Object.entries(spec.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const section = make("section", "", "route");
      const heading = make("h2");
      heading.append(make("code", `${method.toUpperCase()} ${path}`));
      section.append(heading, make("p", operation.summary));
      const list = make("ul");
      for (const [name, kind, required, description] of fields(operation)) {
        const item = make("li");
        item.append(make("code", name), ` (${kind}${required ? ", required" : ""}) ${description || ""}`);
        list.append(item);
      }
      if (list.childElementCount) section.append(list);
      routes.append(section);
    }
  }
};

fetch("/openapi.json").then((response) => response.json()).then(show).catch(() => {
  document.getElementById("routes").textContent = "Không tải được /openapi.json. Hãy tải lại trang.";
});
