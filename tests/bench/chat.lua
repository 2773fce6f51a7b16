-- For wrk: posts one small chat completion after the other. Arguments: the model, and a file that holds the key.
-- Prints `RESULT requests microseconds p50 p99 failures`, times in microseconds.

function init(args)
    local file = assert(io.open(args[2]))
    local key = file:read("l")
    file:close()
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["Authorization"] = "Bearer " .. key
    wrk.body = '{"model":"' .. args[1] .. '","messages":[{"role":"system","content":"You are a helpful assistant."},'
        .. '{"role":"user","content":"Hello!"}],"temperature":0.7,"max_tokens":64}'
end

function done(summary, latency)
    local errors = summary.errors
    local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), failures))
end
