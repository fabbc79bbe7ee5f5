"""The readings of policy 151 taken where its text leaves a choice, A1 to A64, each with its reason."""

from typing import Final

from cds_service.policy.documentation import Reading

READINGS: Final = (
    Reading(
        "A1", ("I.D.1",), "How a to d are joined: one of the connectives is missing, others differ",
        "One of a, b, c, d is enough", "The headings ask for at least one of them; the missing word is a slip",
    ),
    Reading(
        "A2", ("I.D.1.d.iii", "I.D"), "What the last connective under d joins",
        "It joins 1 and 2 of D, not d.iii and 2", "The indentation, and D's own heading",
    ),
    Reading(
        "A3", ("I.A",), "Karnofsky and ECOG both recorded, and they disagree",
        "One scale that is met is enough, the newest value of each; the disagreement is noted", "A plain or",
    ),
    Reading(
        "A3b", ("I.A", "I.A.kps", "I.A.ecog"), "One scale fails and the other was never recorded",
        "Unknown; the one that fails is named, and nothing is denied", "Either scale may meet the criterion",
    ),
    Reading(
        "A4", ("I.A.kps",), "The unit of Karnofsky", "A score from 0 to 100 in tens, with or without a percent sign",
        "The scale has no other unit",
    ),
    Reading(
        "A5", ("I.B",), "Adequate liver reserve is nowhere defined, and stands beside Child-Pugh",
        "A judgment of its own: stated by the clinician, or inferred from Child-Pugh A or ALBI 1 without liver "
        "failure; never from class B alone",
        "A reading that makes it say nothing is wrong, one that no record can meet is useless",
    ),
    Reading(
        "A6", ("I.C",), "Whether a class or points are asked", "Class A or B, that is 5 to 9 points",
        "The bands of the policy's own guideline section",
    ),
    Reading(
        "A7", ("I.C",), "Whether Child-Pugh is asked of patients without cirrhosis",
        "Of every patient; laboratory values are enough to compute it", "A to D are all asked, without an exception",
    ),
    Reading(
        "A8", ("I.C",), "Cut points of the score are not printed",
        "Albumin 2.8 and 3.5 g/dL, bilirubin 2 and 3 mg/dL, INR 1.7 and 2.3", "The cut points most sources share",
    ),
    Reading(
        "A9", ("I.D.1.0", "I.D.2.listed"), "A patient who is evaluated for a transplant fits neither 1 nor 2",
        "It is one open question, and is asked", "To fail both would deny by a gap between two wordings",
    ),
    Reading(
        "A10", ("I.D.1.0", "I.D.2"), "A listed patient who meets everything else of a to d",
        "Judged by 2 alone: the bridge must be the intent", "1 asks that the patient is not awaiting a transplant",
    ),
    Reading(
        "A11", ("I.D.2",), "2 names no tumor, size, number or resectability", "None is asked beyond A to C",
        "The text; limits for transplantation stand in its background section only",
    ),
    Reading(
        "A12", ("I.D.1.a.iii",), "Three centimeters: below, or up to and with it", "3 cm is still inside",
        "The criterion says so; the background that says less than 3 cm is no criterion",
    ),
    Reading(
        "A13", ("I.D.1",), "Cholangiocarcinoma and other primaries of the liver are discussed, but not listed",
        "They fail 1; only 2 can cover them", "The list is closed",
    ),
    Reading(
        "A13b", ("I.D.1.a.dx",), "Combined carcinoma, and codes that leave the kind of liver cancer open",
        "Unknown: a person must judge", "Partly the tumor that is asked, or not said",
    ),
    Reading(
        "A14", ("I.D.1.b.dx", "I.D.1.c.dx"), "Which tumors of colon and rectum are colorectal tumors",
        "Carcinoma is b. Carcinoid is c; where c fails and b would pass, a person must judge, as for stromal tumors, "
        "sarcoma and lymphoma",
        "c is the specific rule, yet the policy's guideline counts carcinoid among colorectal tumors",
    ),
    Reading(
        "A15", ("I.D.1.c.dx",), "How wide neuroendocrine is",
        "Neuroendocrine tumors by code, islet cell, adrenal medulla, paraganglia; small cell, medullary thyroid and "
        "Merkel cell carcinoma are for a person to judge",
        "The guideline's list; the codes overlap",
    ),
    Reading(
        "A16", ("I.D.1", "II"), "Metastases of other cancers, benign tumors", "They fail 1", "The list is closed",
    ),
    Reading(
        "A17", ("I.D.1.a.conf", "I.D.1.b.conf", "I.D.1.c.conf", "I.D.1.d.conf"), "What confirms a diagnosis",
        "Biopsy or imaging with a trace in the record, or a statement; the word confirmed alone is not enough",
        "Otherwise the sentence would add nothing to the diagnosis",
    ),
    Reading(
        "A18", ("I.D.1.a.i", "I.D.1.b.i.1", "I.D.1.c.i", "I.D.1.d.i"),
        "Some branches ask for documentation that resection is not feasible, one asks that it is not",
        "The same fact; any usable record or statement documents it", "No difference in practice",
    ),
    Reading(
        "A19", ("I.D.1.b.i",), "How far the choice of a concurrent resection reaches", "Within b.i only",
        "The sentence ends there",
    ),
    Reading(
        "A20", ("I.D.1.b.iii", "I.D.1.c.ii", "I.D.1.d.ii"), "5 cm: each metastasis, or all together; and how many",
        "Each, by its largest diameter, and any number of them", "a.iii counts tumors where a number is meant",
    ),
    Reading(
        "A21", ("I.D.1.a.iii",), "Which tumors are counted", "Every viable tumor now in the liver",
        "The sentence describes the patient, and a.iv speaks of all foci",
    ),
    Reading("A22", ("I.D.1.a.iii",), "Four tumors or more", "Not met; the limits are inside", "The text"),
    Reading(
        "A23", ("I.D.1.b", "I.D.1.c", "I.D.1.d"), "What one branch asks and another does not",
        "Nothing is carried over from branch to branch", "The text",
    ),
    Reading(
        "A24", ("I.D.1.b.iv", "I.D.1.d.iii"), "Bone metastases", "Stable bone is an exception in d, none in b",
        "The text",
    ),
    Reading(
        "A25", ("I.D.1.d.iii",), "Whether the breast tumor itself, or a node, is disease outside the liver",
        "Metastases and current nodes are; the primary alone is unknown and asked; resolved nodes are not",
        "What clinicians mean is spread, the word is wider",
    ),
    Reading(
        "A25b", ("I.D.1.d.iii",), "What stable means", "As the clinician states it, or a current disease status of "
        "stable or improved", "The text sets no interval",
    ),
    Reading(
        "A26", ("I.D.1.c.iii",), "A patient without symptoms", "Not met when it is stated that there are none",
        "Symptoms that are refractory are asked",
    ),
    Reading(
        "A26b", ("I.D.1.c.iii",), "Which treatment symptoms must be refractory to",
        "Any medical one; a drug that was not tolerated leaves it open", "Somatostatin analogs are an example only",
    ),
    Reading(
        "A27", (), "The code table has no headings; some of its codes have no criterion",
        "Codes are grouped by what they stand for; sources of brachytherapy get the answer no criterion",
        "The revision that removed embolization left them in the table",
    ),
    Reading(
        "A28", ("III",), "Whether a repeat asks that criterion I was met then, or is met now",
        "It is judged anew on current data, any number of times", "The sentence is in the present tense",
    ),
    Reading(
        "A29", ("IV", "I.D.2"), "IV against a transplant list, or among several cancers",
        "IV first, and only where the metastasis that is treated comes from the melanoma",
        "A specific exclusion comes before a general permission",
    ),
    Reading(
        "A29b", ("IV.origin", "II"), "Melanoma of a mucous membrane", "Not IV, but none of a to d: it fails under II",
        "IV names skin, uvea and conjunctiva",
    ),
    Reading(
        "A30", ("V",), "Focused ultrasound ordered together with another ablation",
        "Each line is judged by its own criterion", "A determination is made per line",
    ),
    Reading(
        "A31", ("V", "VII"), "The codes behind V and VII name no site",
        "The order's indication must be a liver tumor, or for VII a liver cancer; otherwise the policy does not speak",
        "Both sentences are about the liver",
    ),
    Reading(
        "A32", ("VI",), "Histotripsy of something that is not malignant", "The code itself says malignant tissue",
        "The code's meaning",
    ),
    Reading(
        "A33", ("IX",), "Whether IX reaches the ablation that is planned", "The simulation only; the ablation is "
        "judged by I", "A service of its own",
    ),
    Reading(
        "A34", (), "Unlisted codes", "Judged by what the code stands for; prior authorization is advice, not a demand",
        "The text recommends it",
    ),
    Reading(
        "A35", ("I", "II"), "Electroporation, laser, radiation", "The policy does not address them",
        "I lists the techniques it means",
    ),
    Reading(
        "A36", (), "How old data may be", "90 days unless set otherwise; older is unknown",
        "The text sets no limit: these limits are this service's",
    ),
    Reading(
        "A37", (), "Who may answer a clinical question", "The clinician who orders, or staff for them; not the patient",
        "Clinical documentation is asked",
    ),
    Reading(
        "A38", (), "What Oregon's rules say of a diagnosis and treatment pair", "Not judged here: referred, with what "
        "the policy itself would say", "Those rules come first for Oregon Health Plan members",
    ),
    Reading(
        "A39", (), "Two values of one day that disagree", "Unknown where a limit lies between them",
        "To choose one would be silent",
    ),
    Reading(
        "A40", ("I.D.1", "IV.origin"), "Several cancers a metastasis may come from",
        "Every candidate is judged: met when all are; with a melanoma among them the origin is asked",
        "The answer may not hang on it",
    ),
    Reading(
        "A41", ("I.D.1",), "Metastasis and hepatocellular carcinoma in one patient",
        "The order's reason says which is treated; without it both are judged", "The order treats one of them",
    ),
    Reading(
        "A42", (), "Broken lines and signs in the published document", "Read as the numbered list it was",
        "Damage of the conversion",
    ),
    Reading(
        "A43", ("I.D.1.0", "I.D.2.listed"), "Under evaluation for a transplant",
        "One unknown input: met where both of its worlds are", "The answer may not hang on it",
    ),
    Reading(
        "A44", ("I.D.2.listed",), "A code for awaiting an organ that does not say which, beside a liver cancer",
        "The organ stays unknown", "Nothing is inferred from the tumor",
    ),
    Reading(
        "A45", ("I.D.1.a.dx", "IV.mets"), "A liver metastasis of unknown origin",
        "It is no hepatocellular carcinoma; beside one, IV asks for a coded metastasis", "A metastasis is not primary",
    ),
    Reading(
        "A46", ("I.D.1",), "Several candidate origins, and the branch of each fails", "Not met",
        "Whichever it is, the answer is the same",
    ),
    Reading(
        "A47", ("I.D.1",), "A cancer outside the four that nothing links to the metastasis",
        "It is a candidate for the origin", "The metastasis may come from it",
    ),
    Reading(
        "A48", ("I.B",), "ALBI 1 beside a recorded class B or C", "Unknown",
        "What is recorded is not overruled by what is computed",
    ),
    Reading(
        "A49", ("I.B", "I.C"), "Class A that is only computed", "Counts, and is noted as computed",
        "The same values give the same class",
    ),
    Reading(
        "A50", ("I.C", "I.A"), "A recorded value that is stale, and one that contradicts itself",
        "Stale: computed from laboratory values. Contradictory, invalid or preliminary: unknown, and no older one "
        "takes its place",
        "The newest record speaks alone",
    ),
    Reading(
        "A51", ("I.D.1",), "No liver tumor on record at all", "Nothing is denied for it: the diagnosis is asked",
        "Missing data is never a no",
    ),
    Reading(
        "A52", ("IV.origin",), "A cancer of the eye without histology", "The origin stays open, and is asked",
        "It may be a melanoma or not",
    ),
    Reading(
        "A53", ("I.D.1.b.iv", "I.D.1.d.iii"), "A statement that there is no spread, beside coded spread",
        "Unknown, with both named, whichever is newer. Bone that is stable agrees with either statement",
        "A conflict is not resolved by us",
    ),
    Reading(
        "A54", ("I.D.1.b.iv", "I.D.1.d.iii"), "A metastasis whose site is not said", "Unknown, whatever is stated",
        "It may be in the liver or outside",
    ),
    Reading(
        "A55", ("I.D.1.d.iii",), "An active breast tumor",
        "It matters only where nothing is stated and nothing coded: then unknown", "A statement says more",
    ),
    Reading(
        "A56", ("I.D.1.d.iii",), "When silence may mean that there is no spread",
        "Where there is imaging inside the age limit, or a current disease status", "Without staging silence is no "
        "finding",
    ),
    Reading(
        "A57", ("I.D.1.a.conf", "I.D.1.b.conf", "I.D.1.c.conf", "I.D.1.d.conf"), "What counts as biopsy or imaging",
        "Evidence named by the diagnosis; or a confirmed diagnosis together with a final report, an imaging study, a "
        "measured tumor or a completed biopsy; or a statement",
        "Each is a trace that it was done",
    ),
    Reading(
        "A58", (), "The unlisted brachytherapy code alone; a referral together with no criterion",
        "The code has no criterion; a referral is decided first", "Other rules come before this policy",
    ),
    Reading(
        "A59", ("I.D.1.a.iii",), "A number of tumors at diagnosis", "Counts as the current one inside the age limit",
        "What is in use records it there",
    ),
    Reading(
        "A60", (), "From which day ages are counted", "From the day of evaluation, the last day still inside",
        "The order may be dated ahead",
    ),
    Reading(
        "A61", ("I.D.1.a.iii",), "A tumor measured only on old imaging, beside newer ones",
        "It is there, and unmeasured", "It does not go away by age",
    ),
    Reading(
        "A62", (), "Lines of business", "Commercial, Medicaid (Oregon Health Plan), Medicare; unknown is judged as "
        "commercial, and says so", "The policy's own scope section",
    ),
    Reading(
        "A63", (), "Answers of the documentation form", "Coded choices of any version of the form; don't know is no "
        "answer", "Missing data is never a no",
    ),
    Reading(
        "A64", (), "Statements without a date", "Not used, on a form as on an Observation",
        "It may be of any age, and what is stale is unknown",
    ),
)  # fmt: skip
