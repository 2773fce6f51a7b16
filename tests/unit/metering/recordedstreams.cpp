#include "recordedstreams.h"

namespace hearth::testsupport {

using metering::Operation;
using metering::TokenUsage;

namespace {

QByteArray dataEvent(const QByteArray &data)
{
    return "data: " + data + "\n\n";
}

QByteArray vllmChunk(const QByteArray &rest)
{
    return dataEvent(R"({"id":"chatcmpl-9f2d","object":"chat.completion.chunk","created":1730000000,)"
                     R"("model":"Qwen/Qwen2.5-7B-Instruct",)" +
                     rest + "}");
}

QByteArray ollamaChunk(const QByteArray &rest)
{
    return dataEvent(R"({"id":"chatcmpl-411","object":"chat.completion.chunk","created":1730000000,"model":"llama3.2",)"
                     R"("system_fingerprint":"fp_ollama",)" +
                     rest + "}");
}

QByteArray llamaCppChunk(const QByteArray &rest)
{
    return dataEvent("{" + rest +
                     R"("created":1730000000,"id":"chatcmpl-Xq7","model":"gpt-oss","system_fingerprint":"b6000-0",)"
                     R"("object":"chat.completion.chunk"})");
}

QByteArray openAiChunk(const QByteArray &rest)
{
    return dataEvent(R"({"id":"chatcmpl-B9M","object":"chat.completion.chunk","created":1730000000,)"
                     R"("model":"gpt-4o-mini","service_tier":"default","system_fingerprint":"fp_44",)" +
                     rest + "}");
}

QByteArray openAiText(const QByteArray &delta, const QByteArray &reason)
{
    return openAiChunk(R"("choices":[{"index":0,"delta":)" + delta + R"(,"logprobs":null,"finish_reason":)" + reason +
                       R"(}],"usage":null,"obfuscation":"a8Kf")");
}

QByteArray done()
{
    return dataEvent("[DONE]");
}

void addChats(QList<RecordedStream> &streams)
{
    streams.append(
        {"vLLM", Operation::Chat,
         vllmChunk(
             R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}])") +
             vllmChunk(
                 R"("choices":[{"index":0,"delta":{"content":"Say \"usage\": {\u00e4 ä\n"},"logprobs":null,"finish_reason":null}])") +
             vllmChunk(
                 R"("choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"stop","stop_reason":null}])"),
         vllmChunk(
             R"("choices":[],"usage":{"prompt_tokens":36,"total_tokens":47,"completion_tokens":11,"prompt_tokens_details":null})"),
         done(), TokenUsage{36, 11}});
    streams.append(
        {"Ollama", Operation::Chat,
         ollamaChunk(R"("choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}])") +
             ollamaChunk(R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}])"),
         ollamaChunk(R"("choices":[],"usage":{"prompt_tokens":26,"completion_tokens":8,"total_tokens":34})"), done(),
         TokenUsage{26, 8}});
    streams.append(
        {"llama.cpp", Operation::Chat,
         llamaCppChunk(R"("choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],)") +
             llamaCppChunk(R"("choices":[{"finish_reason":null,"index":0,"delta":{"content":"Hi"}}],)") +
             llamaCppChunk(R"("choices":[{"finish_reason":"stop","index":0,"delta":{}}],)"),
         llamaCppChunk(
             R"("choices":[],"usage":{"completion_tokens":2,"prompt_tokens":70,"total_tokens":72},"timings":{"prompt_n":70,"predicted_ms":30.5},)"),
         done(), TokenUsage{70, 2}});
    streams.append(
        {"OpenAI", Operation::Chat,
         openAiText(R"({"role":"assistant","content":"","refusal":null})", "null") +
             openAiText(R"({"content":"Hello"})", "null") + openAiText("{}", "\"stop\""),
         openAiChunk(
             R"("choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},"obfuscation":"zu")"),
         done(), TokenUsage{19, 10}});
    streams.append(
        {"with comments", Operation::Chat,
         ": PROCESSING\n\n" + vllmChunk(R"("choices":[{"index":0,"delta":{"content":"x"}}])") + ": PROCESSING\n",
         vllmChunk(R"("choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2})"), ": bye\n\n" + done(),
         TokenUsage{1, 2}});
}

void addOthers(QList<RecordedStream> &streams)
{
    streams.append(
        {"text completion", Operation::TextCompletion,
         dataEvent(
             R"({"id":"cmpl-1","object":"text_completion","choices":[{"index":0,"text":" is","finish_reason":null}]})"),
         dataEvent(
             R"({"id":"cmpl-1","object":"text_completion","choices":[],"usage":{"prompt_tokens":4,"total_tokens":9,"completion_tokens":5}})"),
         done(), TokenUsage{4, 5}});
    streams.append(
        {"usage with the last choice",
         Operation::Chat,
         vllmChunk(
             R"("choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1})"),
         {},
         done(),
         TokenUsage{5, 1}});
    streams.append({"no usage",
                    Operation::Chat,
                    vllmChunk(R"("choices":[{"index":0,"delta":{"content":"x"}}])"),
                    {},
                    done(),
                    std::nullopt});
    streams.append(
        {"Responses",
         Operation::Responses,
         "event: response.created\n" +
             dataEvent(
                 R"({"type":"response.created","response":{"id":"resp_1","status":"in_progress","usage":null}})") +
             "event: response.output_text.delta\n" +
             dataEvent(R"({"type":"response.output_text.delta","delta":"Hi"})") + "event: response.completed\n" +
             dataEvent(
                 R"({"type":"response.completed","response":{"id":"resp_1","output":[{"content":[{"text":"Hi"}]}],"usage":{"input_tokens":37,"input_tokens_details":{"cached_tokens":0},"output_tokens":11,"total_tokens":48}}})"),
         {},
         {},
         TokenUsage{37, 11}});
    streams.append(
        {"Messages",
         Operation::Messages,
         "event: message_start\n" +
             dataEvent(
                 R"({"type":"message_start","message":{"id":"msg_1","content":[],"usage":{"input_tokens":25,"output_tokens":1}}})") +
             "event: ping\n" + dataEvent(R"({"type":"ping"})") + "event: content_block_delta\n" +
             dataEvent(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})") +
             "event: message_delta\n" +
             dataEvent(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}})") +
             "event: message_stop\n" + dataEvent(R"({"type":"message_stop"})"),
         {},
         {},
         TokenUsage{25, 15}});
}

} // namespace

QList<RecordedStream> recordedStreams()
{
    QList<RecordedStream> streams;
    addChats(streams);
    addOthers(streams);
    return streams;
}

} // namespace hearth::testsupport
