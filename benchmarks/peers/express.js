// A CDS Hooks service of the same shape in Node's express: the body parsed, its Observations counted, a card answered.
const express = require("express");

const app = express();
app.use(express.json({ limit: "64mb" }));
app.get("/", (_, response) => response.end());
app.post("/cds-services/order-sign-crd", (request, response) => {
  const observations = request.body.prefetch.observations.entry.length;
  const source = { label: "express" };
  const summary = `${observations} Observations`;
  response.json({ cards: [{ summary, indicator: "info", source, detail: "x".repeat(2000) }] });
});
app.listen(Number(process.argv[2]), "127.0.0.1");
