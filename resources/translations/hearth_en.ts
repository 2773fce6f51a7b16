<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>hearth::board::StatusWords</name>
    <message numerus="yes">
        <source>Needs attention: %1 And %n more.</source>
        <translation>
            <numerusform>Needs attention: %1 And %n more.</numerusform>
            <numerusform>Needs attention: %1 And %n more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) running</source>
        <translation>
            <numerusform>%n request running</numerusform>
            <numerusform>%n requests running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) still running</source>
        <translation>
            <numerusform>%n request still running</numerusform>
            <numerusform>%n requests still running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::discovery::LiveTest</name>
    <message numerus="yes">
        <source>There was no answer within %n second(s). Look into the log of the backend.</source>
        <translation>
            <numerusform>There was no answer within %n second. Look into the log of the backend.</numerusform>
            <numerusform>There was no answer within %n seconds. Look into the log of the backend.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::indicator::LlmMenu</name>
    <message numerus="yes">
        <source>%1 of %n request(s), %2</source>
        <translation>
            <numerusform>%1 of %n request, %2</numerusform>
            <numerusform>%1 of %n requests, %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::preferences::ModelPreferences</name>
    <message numerus="yes">
        <source>%n agent(s) of this box are pinned to the model &quot;%1&quot;: %2. Without it they work only if another box publishes a model of that name. Remove it?</source>
        <translation>
            <numerusform>%n agent of this box is pinned to the model &quot;%1&quot;: %2. Without it, it works only if another box publishes a model of that name. Remove it?</numerusform>
            <numerusform>%n agents of this box are pinned to the model &quot;%1&quot;: %2. Without it they work only if another box publishes a model of that name. Remove it?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::preferences::PreferencesDialog</name>
    <message numerus="yes">
        <source>%n problem(s) to be mended before saving. The first is at %1: %2</source>
        <translation>
            <numerusform>%n problem to be mended before saving, at %1: %2</numerusform>
            <numerusform>%n problems to be mended before saving. The first is at %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This change needs a new connection to the server, which ends %n running request(s). Save it now?</source>
        <translation>
            <numerusform>This change needs a new connection to the server, which ends %n running request. Save it now?</numerusform>
            <numerusform>This change needs a new connection to the server, which ends %n running requests. Save it now?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::tray::Departure</name>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wake(s)</source>
        <translation>
            <numerusform>%n wake</numerusform>
            <numerusform>%n wakes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::window::AttentionBar</name>
    <message numerus="yes">
        <source>And %n more</source>
        <translation>
            <numerusform>And %n more</numerusform>
            <numerusform>And %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
