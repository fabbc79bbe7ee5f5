-- For wrk: posts the bodies of a folder in turn and counts answers that lack what they must say.
-- Arguments: folder, number of bodies, what each answer says.
local bodies, marker, turn = {}, "", 0
wrong = 0

local threads = {}
function setup(thread) table.insert(threads, thread) end

function init(args)
  wrk.headers["Content-Type"] = "application/json"
  marker = args[3]
  for number = 0, tonumber(args[2]) - 1 do
    local file = assert(io.open(args[1] .. "/" .. number .. ".json", "rb"))
    bodies[number + 1] = wrk.format("POST", "/cds-services/order-sign-crd", nil, file:read("*a"))
    file:close()
  end
end

function request()
  turn = turn % #bodies + 1
  return bodies[turn]
end

function response(status, headers, body)
  if status ~= 200 or not body:find(marker, 1, true) then wrong = wrong + 1 end
end

function done(summary, latency, requests)
  local missed = 0
  for _, thread in ipairs(threads) do missed = missed + thread:get("wrong") end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '\n{"calls": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "wrong": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    missed, broken))
end
