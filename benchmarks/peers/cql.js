// A CDS Hooks service that evaluates CQL with the reference engine: the prefetch as one Bundle, its Observations counted
// by a library (compiled to ELM, as the engine takes it), a card answered. Each call has a source of its own, as the
// engine's documentation shows it; "keep" keeps one, whose model takes a tenth of a second to load.
const express = require("express");
const cql = require("cql-execution");
const fhir = require("cql-exec-fhir");

const retrieve = (type) => ({ type: "Retrieve", dataType: `{http://hl7.org/fhir}${type}` });
const define = (name, expression) => ({ name, context: "Patient", accessLevel: "Public", expression });
const library = new cql.Library({
  library: {
    identifier: { id: "Counting", version: "1.0.0" },
    schemaIdentifier: { id: "urn:hl7-org:elm", version: "r1" },
    usings: {
      def: [
        { localIdentifier: "System", uri: "urn:hl7-org:elm-types:r1" },
        { localIdentifier: "FHIR", uri: "http://hl7.org/fhir", version: "4.0.1" },
      ],
    },
    statements: {
      def: [
        define("Patient", { type: "SingletonFrom", operand: retrieve("Patient") }),
        define("Observations", { type: "Count", source: retrieve("Observation") }),
      ],
    },
  },
});
const executor = new cql.Executor(library);
const kept = process.argv[3] === "keep" ? fhir.PatientSource.FHIRv401() : null;

const entries = (value) => (value.resourceType === "Bundle" ? value.entry || [] : [{ resource: value }]);

const app = express();
app.use(express.json({ limit: "64mb" }));
app.get("/", (_, response) => response.end());
app.post("/cds-services/order-sign-crd", async (request, response) => {
  const entry = Object.values(request.body.prefetch).filter((value) => value).flatMap(entries);
  const patients = kept || fhir.PatientSource.FHIRv401();
  patients.reset(); // nothing else runs until it is evaluated
  patients.loadBundles([{ resourceType: "Bundle", type: "collection", entry }]);
  const found = (await executor.exec(patients)).patientResults[request.body.context.patientId];
  const source = { label: "CQL" };
  const summary = `${found.Observations} Observations`;
  response.json({ cards: [{ summary, indicator: "info", source, detail: "x".repeat(2000) }] });
});
app.listen(Number(process.argv[2]), "127.0.0.1");
