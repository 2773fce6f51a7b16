<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>Setting</name>
    <message>
        <source>requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>tasks</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>Watch interval</source>
        <translation>Abstand der Prüfungen</translation>
    </message>
    <message>
        <source>Wake poll</source>
        <translation>Nachfrage beim Wecken</translation>
    </message>
    <message>
        <source>Recipe kill grace</source>
        <translation>Schonfrist für Rezepte</translation>
    </message>
    <message>
        <source>Offer again</source>
        <translation>Erneut anbieten nach</translation>
    </message>
    <message>
        <source>Answer timeout</source>
        <translation>Frist für Antworten</translation>
    </message>
    <message>
        <source>Extra tasks</source>
        <translation>Zusätzliche Aufträge</translation>
    </message>
    <message>
        <source>Replaced wait</source>
        <translation>Warten nach Ablösung</translation>
    </message>
    <message>
        <source>Goodbye</source>
        <translation>Warten nach Abschied</translation>
    </message>
    <message>
        <source>Connect timeout</source>
        <translation>Frist für Verbindung</translation>
    </message>
    <message>
        <source>First byte timeout</source>
        <translation>Frist für erstes Byte</translation>
    </message>
    <message>
        <source>Idle timeout</source>
        <translation>Frist ohne Daten</translation>
    </message>
    <message>
        <source>Probe timeout</source>
        <translation>Frist für Probe</translation>
    </message>
    <message>
        <source>Handshake timeout</source>
        <translation>Frist für Handshake</translation>
    </message>
    <message>
        <source>Ping interval</source>
        <translation>Abstand der Pings</translation>
    </message>
    <message>
        <source>Write timeout</source>
        <translation>Frist beim Schreiben</translation>
    </message>
    <message>
        <source>Close timeout</source>
        <translation>Frist beim Schließen</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>Auslaufen lassen</translation>
    </message>
    <message>
        <source>The name that clients call.</source>
        <translation>Der Name, unter dem Clients es aufrufen.</translation>
    </message>
    <message>
        <source>The API that the backend speaks.</source>
        <translation>Welche Schnittstelle das Backend spricht.</translation>
    </message>
    <message>
        <source>What the backend itself calls the model. Default: name.</source>
        <translation>Wie das Backend selbst das Modell nennt. Vorgabe: der Name.</translation>
    </message>
    <message>
        <source>The pool that it joins: callers of the pool get whichever of its models is free. Default: the one of its model; empty: none.</source>
        <translation>Der Pool, dem es beitritt: Wer den Pool aufruft, bekommt dasjenige seiner Modelle, das gerade frei ist. Vorgabe: der seines Modells; leer: keiner.</translation>
    </message>
    <message>
        <source>Whether the backend knows stream_options, by which usage is counted.</source>
        <translation>Ob das Backend stream_options kennt; damit wird der Verbrauch gezählt.</translation>
    </message>
    <message>
        <source>The backend, for example http://127.0.0.1:8000/v1.</source>
        <translation>Das Backend, zum Beispiel http://127.0.0.1:8000/v1.</translation>
    </message>
    <message>
        <source>File with the key for a backend that wants one; it holds nothing else.</source>
        <translation>Datei mit dem Schlüssel für ein Backend, das einen verlangt; sie enthält sonst nichts.</translation>
    </message>
    <message>
        <source>How strong the model is.</source>
        <translation>Wie stark das Modell ist.</translation>
    </message>
    <message>
        <source>Shown to people who choose a model.</source>
        <translation>Wird bei der Wahl eines Modells angezeigt.</translation>
    </message>
    <message>
        <source>Passed on to the server as it is.</source>
        <translation>Wird unverändert an den Server weitergegeben.</translation>
    </message>
    <message>
        <source>How many requests the backend gets at a time.</source>
        <translation>Wie viele Anfragen das Backend gleichzeitig bekommt.</translation>
    </message>
    <message>
        <source>Whether this model is offered to the server at all.</source>
        <translation>Ob dieses Modell dem Server überhaupt angeboten wird.</translation>
    </message>
    <message>
        <source>A path below url; the backend is available while it answers a request for it with 2xx.</source>
        <translation>Pfad unterhalb der Adresse des Backends; es ist verfügbar, solange es eine Anfrage danach mit 2xx beantwortet.</translation>
    </message>
    <message>
        <source>Upper bound of the first random wait after a lost connection; it doubles with every failure.</source>
        <translation>Obergrenze der ersten zufälligen Wartezeit nach einer verlorenen Verbindung; sie verdoppelt sich mit jedem Fehlschlag.</translation>
    </message>
    <message>
        <source>Upper bound of every such wait.</source>
        <translation>Obergrenze jeder solchen Wartezeit.</translation>
    </message>
    <message>
        <source>How long to wait after another publisher with the same state file has taken over.</source>
        <translation>Wartezeit, nachdem ein anderer Publisher mit derselben Zustandsdatei übernommen hat.</translation>
    </message>
    <message>
        <source>Upper bound of the random wait after the server has said goodbye.</source>
        <translation>Obergrenze der zufälligen Wartezeit, nachdem der Server sich verabschiedet hat.</translation>
    </message>
    <message>
        <source>How long it may take to connect to a backend.</source>
        <translation>Wie lange der Aufbau einer Verbindung zu einem Backend dauern darf.</translation>
    </message>
    <message>
        <source>How long a backend may take to begin its answer.</source>
        <translation>Wie lange ein Backend brauchen darf, um seine Antwort zu beginnen.</translation>
    </message>
    <message>
        <source>How long a backend may be silent in the middle of its answer.</source>
        <translation>Wie lange ein Backend mitten in seiner Antwort schweigen darf.</translation>
    </message>
    <message>
        <source>How long a backend may take to answer whether it is available.</source>
        <translation>Wie lange ein Backend brauchen darf, um zu antworten, ob es verfügbar ist.</translation>
    </message>
    <message>
        <source>How long it may take to open the control channel.</source>
        <translation>Wie lange der Aufbau des Steuerkanals dauern darf.</translation>
    </message>
    <message>
        <source>How often the control channel is pinged; silent for two pings, it is dead.</source>
        <translation>Wie oft der Steuerkanal angepingt wird; schweigt er zwei Pings lang, ist er tot.</translation>
    </message>
    <message>
        <source>How long the network may take no byte before the channel is given up.</source>
        <translation>Wie lange das Netz kein Byte annehmen darf, bevor der Kanal aufgegeben wird.</translation>
    </message>
    <message>
        <source>How long the last bytes of a channel that is being closed may take.</source>
        <translation>Wie lange die letzten Bytes eines Kanals brauchen dürfen, der geschlossen wird.</translation>
    </message>
    <message>
        <source>The address of the Hearth server; https:// for TLS.</source>
        <translation>Die Adresse des Hearth-Servers; https:// für TLS.</translation>
    </message>
    <message>
        <source>File with an API key of the scope publish; it holds nothing else.</source>
        <translation>Datei mit einem API-Schlüssel mit dem Recht „publish“; sie enthält sonst nichts.</translation>
    </message>
    <message>
        <source>Where the API key is: in keyFile, or in the keyring of the desktop, which only hearth-tray can read. A keyFile that is given as a flag goes before the keyring.</source>
        <translation>Wo der API-Schlüssel liegt: in keyFile oder im Schlüsselbund der Arbeitsumgebung, den nur hearth-tray lesen kann. Ein keyFile auf der Kommandozeile geht dem Schlüsselbund vor.</translation>
    </message>
    <message>
        <source>What people call this box.</source>
        <translation>Wie dieser Rechner genannt wird.</translation>
    </message>
    <message>
        <source>Remembers the provider session across restarts. Default: a file in $STATE_DIRECTORY, which systemd sets for its services, else in $XDG_STATE_HOME/hearth.</source>
        <translation>Bewahrt die Provider-Sitzung über Neustarts hinweg. Vorgabe: eine Datei in $STATE_DIRECTORY, das systemd für seine Dienste setzt, sonst in $XDG_STATE_HOME/hearth.</translation>
    </message>
    <message>
        <source>PEM bundle for https. Default: the system&apos;s.</source>
        <translation>PEM-Datei für https. Vorgabe: die des Systems.</translation>
    </message>
    <message>
        <source>Which messages are logged, from this level upward.</source>
        <translation>Was protokolliert wird: diese Stufe und alles darüber.</translation>
    </message>
    <message>
        <source>How often an idle backend is asked whether it is available.</source>
        <translation>Wie oft ein untätiges Backend gefragt wird, ob es verfügbar ist.</translation>
    </message>
    <message>
        <source>How often a backend that is being woken is asked whether it is available.</source>
        <translation>Wie oft ein Backend, das geweckt wird, gefragt wird, ob es verfügbar ist.</translation>
    </message>
    <message>
        <source>How long the program of a recipe may take to end by itself before it is killed.</source>
        <translation>Wie viel Zeit das Programm eines Rezepts hat, sich selbst zu beenden, bevor es abgebrochen wird.</translation>
    </message>
    <message>
        <source>How often models and agents whose name is taken are offered again.</source>
        <translation>Wie oft Modelle und Agenten, deren Name vergeben ist, erneut angeboten werden.</translation>
    </message>
    <message>
        <source>How long the server may take for its first message, and again to answer a register.</source>
        <translation>Wie lange der Server für seine erste Nachricht brauchen darf, und noch einmal für seine Antwort auf eine Anmeldung.</translation>
    </message>
    <message>
        <source>How long running requests and wakes may go on when hearth-publisher is stopped.</source>
        <translation>Wie lange laufende Anfragen und Weckvorgänge weitergehen dürfen, wenn hearth-publisher beendet wird.</translation>
    </message>
    <message>
        <source>Tasks that are accepted beyond the sum of maxConcurrency; a cancelled one holds its place for a moment.</source>
        <translation>Aufträge, die über die Summe der gleichzeitigen Anfragen hinaus angenommen werden; ein abgebrochener behält seinen Platz noch einen Augenblick.</translation>
    </message>
    <message>
        <source>The models of this box.</source>
        <translation>Die Modelle dieses Rechners.</translation>
    </message>
    <message>
        <source>The agents that are published beside them.</source>
        <translation>Die Agenten, die daneben freigegeben werden.</translation>
    </message>
    <message>
        <source>The program, as an absolute path. No shell is involved.</source>
        <translation>Das Programm als absoluter Pfad. Eine Shell ist nicht beteiligt.</translation>
    </message>
    <message>
        <source>Its arguments.</source>
        <translation>Seine Argumente.</translation>
    </message>
    <message>
        <source>Where the request goes.</source>
        <translation>Wohin die Anfrage geht.</translation>
    </message>
    <message>
        <source>The method of the request.</source>
        <translation>Die Methode der Anfrage.</translation>
    </message>
    <message>
        <source>The header fields of the request.</source>
        <translation>Die Kopffelder der Anfrage.</translation>
    </message>
    <message>
        <source>The body of the request.</source>
        <translation>Der Rumpf der Anfrage.</translation>
    </message>
    <message>
        <source>How long the recipe itself may take. Default for a command: maxWaitSeconds.</source>
        <translation>Wie lange das Rezept selbst dauern darf. Vorgabe für ein Programm: die Frist des Backends.</translation>
    </message>
    <message>
        <source>How long the backend may take to answer once the recipe has ended well.</source>
        <translation>Wie lange das Backend bis zur ersten Antwort brauchen darf, wenn das Rezept erfolgreich war.</translation>
    </message>
    <message>
        <source>How long the recipe itself may take.</source>
        <translation>Wie lange das Rezept selbst dauern darf.</translation>
    </message>
    <message>
        <source>How long the backend must have been without a request.</source>
        <translation>Wie lange das Backend ohne Anfrage gewesen sein muss.</translation>
    </message>
    <message>
        <source>The model it is pinned to: one of llms, another one of yours, or a public one.</source>
        <translation>Das Modell, an das er gebunden ist: eines von diesem Rechner, ein anderes eigenes oder ein öffentliches.</translation>
    </message>
    <message>
        <source>In place of llm: the pool whose models serve it, one of which is yours or public.</source>
        <translation>Anstelle eines Modells: der Pool, dessen Modelle ihn bedienen; eines davon ist ein eigenes oder öffentlich.</translation>
    </message>
    <message>
        <source>Shown to people who choose an agent.</source>
        <translation>Wird bei der Wahl eines Agenten angezeigt.</translation>
    </message>
    <message>
        <source>Stands before the messages of every request.</source>
        <translation>Steht vor den Nachrichten jeder Anfrage.</translation>
    </message>
    <message>
        <source>Parameters for requests that leave them out.</source>
        <translation>Parameter für Anfragen, die sie weglassen.</translation>
    </message>
    <message>
        <source>What the agent belongs to, for people.</source>
        <translation>Wozu der Agent gehört; nur zur Information.</translation>
    </message>
    <message>
        <source>Whether closing the window of hearth-tray leaves it running in the tray.</source>
        <translation>Ob Hearth im Infobereich weiterläuft, wenn das Fenster geschlossen wird.</translation>
    </message>
    <message>
        <source>Whether to notify when the server refuses the key.</source>
        <translation>Ob gemeldet wird, dass der Server den Schlüssel ablehnt.</translation>
    </message>
    <message>
        <source>Whether to notify when the name of a model or agent is taken.</source>
        <translation>Ob gemeldet wird, dass der Name eines Modells oder Agenten vergeben ist.</translation>
    </message>
    <message>
        <source>Whether to notify when a backend could not be woken.</source>
        <translation>Ob gemeldet wird, dass ein Backend sich nicht wecken ließ.</translation>
    </message>
    <message>
        <source>Whether to notify when a backend that nothing can wake is gone.</source>
        <translation>Ob gemeldet wird, dass ein Backend weg ist, das nichts wecken kann.</translation>
    </message>
    <message>
        <source>Whether nothing new is taken while the machine runs on battery.</source>
        <translation>Ob im Akkubetrieb Neues abgewiesen wird.</translation>
    </message>
    <message>
        <source>Whether nothing new is taken while a program fills the screen.</source>
        <translation>Ob Neues abgewiesen wird, solange ein Programm den Bildschirm füllt.</translation>
    </message>
    <message>
        <source>Nothing new is taken while one of these executables runs.</source>
        <translation>Neues wird abgewiesen, solange eines dieser Programme läuft.</translation>
    </message>
    <message>
        <source>Nothing new is taken in these hours, for example &quot;Mon-Fri 09:00-17:30&quot;.</source>
        <translation>Neues wird in diesen Stunden abgewiesen, zum Beispiel „Mon-Fri 09:00-17:30“.</translation>
    </message>
    <message>
        <source>Whether a request or a program starts the backend.</source>
        <translation>Ob eine Anfrage oder ein Programm das Backend startet.</translation>
    </message>
    <message>
        <source>Whether a request or a program stops the backend; needs a wake recipe.</source>
        <translation>Ob eine Anfrage oder ein Programm das Backend anhält; verlangt ein Weckrezept.</translation>
    </message>
</context>
<context>
    <name>hearth::board::LlmModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>Backend</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Heartbeat</source>
        <translation>Gehört</translation>
    </message>
    <message>
        <source>Last request</source>
        <translation>Letzte Anfrage</translation>
    </message>
</context>
<context>
    <name>hearth::board::LogModel</name>
    <message>
        <source>Debug</source>
        <translation>Debug</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>hearth::board::RequestModel</name>
    <message>
        <source>%1, streamed</source>
        <translation>%1, gestreamt</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Running for</source>
        <translation>Läuft seit</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
</context>
<context>
    <name>hearth::board::StatusWords</name>
    <message>
        <source>The configuration cannot be used</source>
        <translation>Die Konfiguration ist unbrauchbar</translation>
    </message>
    <message>
        <source>Needs attention: %1</source>
        <translation>Braucht Aufmerksamkeit: %1</translation>
    </message>
    <message numerus="yes">
        <source>Needs attention: %1 And %n more.</source>
        <translation>
            <numerusform>Braucht Aufmerksamkeit: %1 Und %n weiteres Problem.</numerusform>
            <numerusform>Braucht Aufmerksamkeit: %1 Und %n weitere Probleme.</numerusform>
        </translation>
    </message>
    <message>
        <source>Not set up yet</source>
        <translation>Noch nicht eingerichtet</translation>
    </message>
    <message>
        <source>Not publishing: %1 has ended</source>
        <translation>Keine Freigabe: %1 wurde beendet</translation>
    </message>
    <message>
        <source>Offline: next attempt in %1</source>
        <translation>Offline: nächster Versuch in %1</translation>
    </message>
    <message>
        <source>Offline: %1 Next attempt in %2.</source>
        <translation>Offline: %1 Nächster Versuch in %2.</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Offline: %1</source>
        <translation>Offline: %1</translation>
    </message>
    <message>
        <source>no requests running</source>
        <translation>keine laufenden Anfragen</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) running</source>
        <translation>
            <numerusform>%n laufende Anfrage</numerusform>
            <numerusform>%n laufende Anfragen</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused (%1): %2</source>
        <translation>Pausiert (%1): %2</translation>
    </message>
    <message>
        <source>Draining: %1, nothing new is taken</source>
        <translation>Läuft aus: %1, Neues wird nicht angenommen</translation>
    </message>
    <message>
        <source>Paused: %1, nothing new is taken</source>
        <translation>Pausiert: %1, Neues wird nicht angenommen</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n Modell</numerusform>
            <numerusform>%n Modelle</numerusform>
        </translation>
    </message>
    <message>
        <source>Online: %1, %2</source>
        <translation>Online: %1, %2</translation>
    </message>
    <message>
        <source>Online: %1, %2, heartbeat %3</source>
        <translation>Online: %1, %2, zuletzt gehört %3</translation>
    </message>
    <message>
        <source>Waking %1: %2 of %3</source>
        <translation>%1 wird geweckt: %2 von %3</translation>
    </message>
    <message>
        <source>active</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>asleep</source>
        <translation>schläft</translation>
    </message>
    <message>
        <source>backend down</source>
        <translation>Backend antwortet nicht</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>draining</source>
        <translation>läuft aus</translation>
    </message>
    <message>
        <source>The next request wakes it</source>
        <translation>Die nächste Anfrage weckt es</translation>
    </message>
    <message>
        <source>Its backend does not answer</source>
        <translation>Keine Antwort unter seiner Adresse</translation>
    </message>
    <message>
        <source>Nothing new is taken</source>
        <translation>Neues wird nicht angenommen</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) still running</source>
        <translation>
            <numerusform>%n Anfrage läuft noch</numerusform>
            <numerusform>%n Anfragen laufen noch</numerusform>
        </translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbindet</translation>
    </message>
    <message>
        <source>Waking</source>
        <translation>Wird geweckt</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>Beschäftigt</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>Connecting to %1</source>
        <translation>Verbindung mit %1 wird aufgebaut</translation>
    </message>
    <message>
        <source>not published</source>
        <translation>nicht freigegeben</translation>
    </message>
    <message>
        <source>waking: %1 of %2</source>
        <translation>wird geweckt: %1 von %2</translation>
    </message>
    <message>
        <source>name taken</source>
        <translation>Name vergeben</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation>vor %1 s</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>vor %1 min</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>vor %1 h</translation>
    </message>
    <message>
        <source>%1 d ago</source>
        <translation>vor %1 d</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 d</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 d %2 h</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Tokens/s</translation>
    </message>
    <message>
        <source>running its recipe</source>
        <translation>Rezept läuft</translation>
    </message>
    <message>
        <source>waiting for the backend</source>
        <translation>wartet auf das Backend</translation>
    </message>
    <message>
        <source>%1, usually %2</source>
        <translation>%1, meist %2</translation>
    </message>
    <message>
        <source>Draining (%1): %2</source>
        <translation>Läuft aus (%1): %2</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>offline</translation>
    </message>
    <message>
        <source>No connection to the server</source>
        <translation>Keine Verbindung zum Server</translation>
    </message>
    <message>
        <source>The server refuses the API key: %1</source>
        <translation>Der Server nimmt den API-Schlüssel nicht an: %1</translation>
    </message>
    <message>
        <source>There is no API key: %1</source>
        <translation>Es gibt keinen API-Schlüssel: %1</translation>
    </message>
    <message>
        <source>The configuration cannot be used: %1</source>
        <translation>Die Konfiguration ist unbrauchbar: %1</translation>
    </message>
    <message>
        <source>The change could not be saved: %1</source>
        <translation>Die Änderung konnte nicht gespeichert werden: %1</translation>
    </message>
    <message>
        <source>Another publisher has taken over this provider session. If you run two of them, give each a stateFile of its own.</source>
        <translation>Ein anderer Publisher hat diese Provider-Sitzung übernommen. Wenn zwei davon laufen sollen, braucht jeder ein eigenes stateFile.</translation>
    </message>
    <message>
        <source>The name %1 is taken: %2</source>
        <translation>Der Name %1 ist vergeben: %2</translation>
    </message>
    <message>
        <source>The server does not take %1: %2</source>
        <translation>Der Server nimmt %1 nicht an: %2</translation>
    </message>
    <message>
        <source>%1 could not be woken: %2</source>
        <translation>%1 konnte nicht geweckt werden: %2</translation>
    </message>
    <message>
        <source>The backend of %1 was there and does not answer any more. Start it again, or give it a wake recipe.</source>
        <translation>Das Backend von %1 war da und antwortet nicht mehr. Bitte wieder starten oder ein Weckrezept angeben.</translation>
    </message>
</context>
<context>
    <name>hearth::discovery::BackendFinder</name>
    <message>
        <source>%1 Start the backend, or correct the address.</source>
        <translation>%1 Backend starten oder Adresse berichtigen.</translation>
    </message>
    <message>
        <source>%1 wants an API key. Enter the key of this backend.</source>
        <translation>%1 verlangt einen API-Schlüssel. Bitte den Schlüssel dieses Backends eingeben.</translation>
    </message>
    <message>
        <source>%1 does not take this API key.</source>
        <translation>%1 nimmt diesen API-Schlüssel nicht an.</translation>
    </message>
    <message>
        <source>%1 answers, but not with a list of models (HTTP status %2). Add the path of its OpenAI-compatible interface, for example /v1.</source>
        <translation>%1 antwortet, aber nicht mit einer Liste von Modellen (HTTP-Status %2). Bitte den Pfad der OpenAI-kompatiblen Schnittstelle ergänzen, zum Beispiel /v1.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address of a web server. Write it like gpu:8000 or http://10.0.0.5:8000/v1.</source>
        <translation>„%1“ ist keine Adresse eines Webservers. Schreibweise: gpu:8000 oder http://10.0.0.5:8000/v1.</translation>
    </message>
    <message>
        <source>The API key is sent to this host over https only, unless you write http:// before the address.</source>
        <translation>Der API-Schlüssel geht an diesen Rechner nur über https, es sei denn, vor der Adresse steht http://.</translation>
    </message>
</context>
<context>
    <name>hearth::discovery::LiveTest</name>
    <message numerus="yes">
        <source>There was no answer within %n second(s). Look into the log of the backend.</source>
        <translation>
            <numerusform>Innerhalb von %n Sekunde kam keine Antwort. Bitte das Protokoll des Backends ansehen.</numerusform>
            <numerusform>Innerhalb von %n Sekunden kam keine Antwort. Bitte das Protokoll des Backends ansehen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The request went through, but its answer is no chat completion. Is it a model for chats?</source>
        <translation>Die Anfrage kam durch, aber die Antwort ist keine Chat-Antwort. Ist es ein Modell für Chats?</translation>
    </message>
    <message>
        <source>The server answered with HTTP status %1.</source>
        <translation>Der Server hat mit HTTP-Status %1 geantwortet.</translation>
    </message>
</context>
<context>
    <name>hearth::discovery::ServerCheck</name>
    <message>
        <source>This is no address of a server. Write it like https://hearth.example.org or http://10.0.0.5:4327.</source>
        <translation>Das ist keine Adresse eines Servers. Schreibweise: https://hearth.example.org oder http://10.0.0.5:4327.</translation>
    </message>
    <message>
        <source>There is no certificate in %1. It has to be a file in PEM format.</source>
        <translation>In %1 ist kein Zertifikat. Nötig ist eine Datei im PEM-Format.</translation>
    </message>
    <message>
        <source>A key is one word without blanks. Copy it once more.</source>
        <translation>Ein Schlüssel ist ein Wort ohne Leerzeichen. Bitte noch einmal kopieren.</translation>
    </message>
    <message>
        <source>There is a Hearth server.</source>
        <translation>Dort ist ein Hearth-Server.</translation>
    </message>
    <message>
        <source>The server speaks %1 there. Write %2.</source>
        <translation>Der Server spricht dort %1. Bitte %2 schreiben.</translation>
    </message>
    <message>
        <source>There is a web server at %1, but the Hearth server behind it does not answer.</source>
        <translation>Unter %1 ist ein Webserver, aber der Hearth-Server dahinter antwortet nicht.</translation>
    </message>
    <message>
        <source>There is a web server at %1, but it is no Hearth server. Check address and port.</source>
        <translation>Unter %1 ist ein Webserver, aber kein Hearth-Server. Bitte Adresse und Port prüfen.</translation>
    </message>
    <message>
        <source>The server at %1 sends us on to %2. Use the address that it points to.</source>
        <translation>Der Server unter %1 verweist auf %2. Bitte die Adresse verwenden, auf die er verweist.</translation>
    </message>
    <message>
        <source>Nobody knows the name %1. Check how it is spelled, and your network.</source>
        <translation>Der Name %1 lässt sich nicht auflösen. Bitte Schreibweise und Netzwerk prüfen.</translation>
    </message>
    <message>
        <source>There is a machine at %1, but no server on port %2. Check the port, and whether the server runs.</source>
        <translation>Unter %1 ist ein Rechner, aber kein Server an Port %2. Bitte prüfen, ob der Port stimmt und der Server läuft.</translation>
    </message>
    <message>
        <source>Nobody answers at %1. Check the address, your network and its firewalls.</source>
        <translation>Unter %1 antwortet niemand. Bitte Adresse, Netzwerk und Firewalls prüfen.</translation>
    </message>
    <message>
        <source>Nobody whom this computer trusts has signed the certificate of %1. If it is your own, choose the file of its certificate authority.</source>
        <translation>Dem Aussteller des Zertifikats von %1 vertraut dieser Rechner nicht. Ist es ein eigenes, bitte die Datei seiner Zertifizierungsstelle wählen.</translation>
    </message>
    <message>
        <source>The certificate of %1 was not signed by the authority in %2. Choose another file.</source>
        <translation>Das Zertifikat von %1 stammt nicht von der Zertifizierungsstelle in %2. Bitte eine andere Datei wählen.</translation>
    </message>
    <message>
        <source>The certificate of the server is not for the name %1. Use the name that it was made for.</source>
        <translation>Das Zertifikat des Servers gilt nicht für den Namen %1. Bitte den Namen verwenden, für den es ausgestellt ist.</translation>
    </message>
    <message>
        <source>The certificate of %1 has expired or is not valid yet. Check the date of this computer; if that is right, whoever runs the server has to renew the certificate.</source>
        <translation>Das Zertifikat von %1 ist abgelaufen oder noch nicht gültig. Bitte das Datum dieses Rechners prüfen; stimmt es, muss der Betreiber des Servers das Zertifikat erneuern.</translation>
    </message>
    <message>
        <source>There is no secure connection to %1: %2</source>
        <translation>Es gibt keine sichere Verbindung zu %1: %2</translation>
    </message>
    <message>
        <source>Somebody took the connection at %1 but is no web server. Check the port.</source>
        <translation>Unter %1 nimmt jemand die Verbindung an, aber kein Webserver. Bitte den Port prüfen.</translation>
    </message>
    <message>
        <source>The server at %1 cannot be reached: %2</source>
        <translation>Der Server unter %1 ist nicht erreichbar: %2</translation>
    </message>
    <message>
        <source>The server does not know this key; it may be revoked or expired. Ask whoever runs the server for one with the scope &quot;publish&quot;.</source>
        <translation>Der Server kennt diesen Schlüssel nicht; vielleicht ist er widerrufen oder abgelaufen. Der Betreiber des Servers kann einen mit dem Recht „publish“ ausstellen.</translation>
    </message>
    <message>
        <source>The server knows this key, but it may not publish. Ask for one with the scope &quot;publish&quot;.</source>
        <translation>Der Server kennt diesen Schlüssel, aber er darf nichts freigeben. Nötig ist einer mit dem Recht „publish“.</translation>
    </message>
    <message>
        <source>The server takes this key. Its version is %1, yours %2: if something does not work, bring the older one up to date.</source>
        <translation>Der Server nimmt diesen Schlüssel an. Er hat Version %1, dieses Programm %2: Falls etwas nicht geht, das ältere von beiden aktualisieren.</translation>
    </message>
    <message>
        <source>The server takes this key (version %1).</source>
        <translation>Der Server nimmt diesen Schlüssel an (Version %1).</translation>
    </message>
</context>
<context>
    <name>hearth::fields::ChoiceField</name>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (Vorgabe)</translation>
    </message>
</context>
<context>
    <name>hearth::fields::DraftEditor</name>
    <message>
        <source>The file cannot hold this: it is too long, too deeply nested, or has a name that is too long.</source>
        <translation>Die Datei kann das nicht aufnehmen: Es ist zu lang, zu tief verschachtelt oder hat einen zu langen Namen.</translation>
    </message>
</context>
<context>
    <name>hearth::fields::EntryList</name>
    <message>
        <source>D&amp;uplicate</source>
        <translation>&amp;Duplizieren</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>A&amp;dd</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>(ohne Namen)</translation>
    </message>
</context>
<context>
    <name>hearth::fields::LineField</name>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Chooses a file for this setting</source>
        <translation>Wählt eine Datei für diese Einstellung</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
</context>
<context>
    <name>hearth::fields::ObjectField</name>
    <message>
        <source>This must be a JSON object: {&quot;name&quot;: value, …}.</source>
        <translation>Hier muss ein JSON-Objekt stehen: {&quot;Name&quot;: Wert, …}.</translation>
    </message>
    <message>
        <source>This is no JSON: line %1: %2.</source>
        <translation>Das ist kein JSON: Zeile %1: %2.</translation>
    </message>
</context>
<context>
    <name>hearth::fields::TableField</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; stands there twice.</source>
        <translation>Der Name „%1“ steht zweimal da.</translation>
    </message>
</context>
<context>
    <name>hearth::host::ConfigKeeper</name>
    <message>
        <source>The configuration %1 is gone. Save the settings to have it back.</source>
        <translation>Die Konfiguration %1 fehlt. Speichern der Einstellungen stellt sie wieder her.</translation>
    </message>
</context>
<context>
    <name>hearth::indicator::LlmMenu</name>
    <message>
        <source>&amp;Publish</source>
        <translation>&amp;Freigeben</translation>
    </message>
    <message>
        <source>&amp;Wake now</source>
        <translation>Jetzt &amp;wecken</translation>
    </message>
    <message>
        <source>&amp;Cancel the wake</source>
        <translation>Wecken &amp;abbrechen</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n request(s), %2</source>
        <translation>
            <numerusform>%1 von %n Anfrage, %2</numerusform>
            <numerusform>%1 von %n Anfragen, %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::indicator::NotificationPolicy</name>
    <message>
        <source>The server refuses the key</source>
        <translation>Der Server lehnt den Schlüssel ab</translation>
    </message>
    <message>
        <source>The keyring is locked</source>
        <translation>Der Schlüsselbund ist gesperrt</translation>
    </message>
    <message>
        <source>There is no key</source>
        <translation>Es gibt keinen Schlüssel</translation>
    </message>
    <message>
        <source>The configuration cannot be used</source>
        <translation>Die Konfiguration ist unbrauchbar</translation>
    </message>
    <message>
        <source>Another publisher has taken over</source>
        <translation>Ein anderer Publisher hat übernommen</translation>
    </message>
    <message>
        <source>The name %1 is taken</source>
        <translation>Der Name %1 ist vergeben</translation>
    </message>
    <message>
        <source>%1 could not be woken</source>
        <translation>%1 ließ sich nicht wecken</translation>
    </message>
    <message>
        <source>The backend of %1 is gone</source>
        <translation>Das Backend von %1 ist weg</translation>
    </message>
    <message>
        <source>A change could not be saved</source>
        <translation>Eine Änderung konnte nicht gespeichert werden</translation>
    </message>
    <message>
        <source>The server does not take %1</source>
        <translation>Der Server nimmt %1 nicht an</translation>
    </message>
</context>
<context>
    <name>hearth::indicator::TrayHint</name>
    <message>
        <source>GNOME shows no tray icons by itself. Install the package gnome-shell-extension-appindicator, log in again and enable the extension; the icon appears by itself. Until then, closing this window quits Hearth.</source>
        <translation>GNOME zeigt von sich aus keine Symbole im Infobereich. Bitte das Paket gnome-shell-extension-appindicator installieren, neu anmelden und die Erweiterung einschalten; das Symbol erscheint dann von selbst. Bis dahin beendet das Schließen dieses Fensters Hearth.</translation>
    </message>
    <message>
        <source>The panel of this desktop has no tray. Add its system tray or notification area; the icon appears by itself. Until then, closing this window quits Hearth.</source>
        <translation>Die Leiste dieser Arbeitsumgebung hat keinen Infobereich. Bitte dort den Systemabschnitt oder Benachrichtigungsbereich hinzufügen; das Symbol erscheint dann von selbst. Bis dahin beendet das Schließen dieses Fensters Hearth.</translation>
    </message>
    <message>
        <source>This desktop has no tray for icons. A panel with one does: that of waybar under Wayland, say, or the package trayer under X11; the icon appears by itself. Until then, closing this window quits Hearth.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich für Symbole. Abhilfe schafft eine Leiste, die einen hat: unter Wayland etwa waybar, unter X11 das Paket trayer; das Symbol erscheint dann von selbst. Bis dahin beendet das Schließen dieses Fensters Hearth.</translation>
    </message>
</context>
<context>
    <name>hearth::indicator::TrayMenu</name>
    <message>
        <source>Publish &amp;from here</source>
        <translation>&amp;Von hier freigeben</translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation>&amp;Modelle</translation>
    </message>
    <message>
        <source>&amp;Pause: take nothing new</source>
        <translation>&amp;Pause: Neues nicht annehmen</translation>
    </message>
    <message>
        <source>&amp;Drain: finish what runs, take nothing new</source>
        <translation>A&amp;uslaufen lassen: Laufendes beenden, Neues nicht annehmen</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>Fo&amp;rtsetzen</translation>
    </message>
    <message>
        <source>Connect &amp;now</source>
        <translation>&amp;Jetzt verbinden</translation>
    </message>
    <message>
        <source>&amp;Open window</source>
        <translation>Fenster ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Copy base URL</source>
        <translation>Basis-URL &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>S&amp;etup…</source>
        <translation>E&amp;inrichtung …</translation>
    </message>
    <message>
        <source>&amp;Logs</source>
        <translation>Pr&amp;otokoll</translation>
    </message>
    <message>
        <source>&amp;About Hearth</source>
        <translation>&amp;Über Hearth</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Controlled by %1, process %2; shown here only</source>
        <translation>Gesteuert von %1, Prozess %2; hier nur angezeigt</translation>
    </message>
</context>
<context>
    <name>hearth::platform::AutostartProblems</name>
    <message>
        <source>its directory cannot be made</source>
        <translation>ihr Verzeichnis kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>The file %1 cannot be written: %2.</source>
        <translation>Die Datei %1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>The file %1 cannot be removed: %2.</source>
        <translation>Die Datei %1 kann nicht entfernt werden: %2.</translation>
    </message>
</context>
<context>
    <name>hearth::platform::DesktopNotifier</name>
    <message>
        <source>Open Hearth</source>
        <translation>Hearth öffnen</translation>
    </message>
</context>
<context>
    <name>hearth::platform::KeyNotices</name>
    <message>
        <source>The key is in the keyring of your desktop.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund der Arbeitsumgebung.</translation>
    </message>
    <message>
        <source>The key is in the file %1, which only you can read. %2</source>
        <translation>Der Schlüssel liegt in der Datei %1, die nur für den Eigentümer lesbar ist. %2</translation>
    </message>
    <message>
        <source>The key file %1 cannot be written: %2.</source>
        <translation>Die Schlüsseldatei %1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>its directory cannot be made</source>
        <translation>ihr Verzeichnis kann nicht angelegt werden</translation>
    </message>
</context>
<context>
    <name>hearth::platform::KeyringProblems</name>
    <message>
        <source>The keyring of your desktop is locked. Unlock it.</source>
        <translation>Der Schlüsselbund der Arbeitsumgebung ist gesperrt. Bitte entsperren.</translation>
    </message>
    <message>
        <source>There is no key of Hearth in the keyring of your desktop.</source>
        <translation>Im Schlüsselbund der Arbeitsumgebung ist kein Schlüssel von Hearth.</translation>
    </message>
    <message>
        <source>The keyring of your desktop cannot be used: %1.</source>
        <translation>Der Schlüsselbund der Arbeitsumgebung kann nicht benutzt werden: %1.</translation>
    </message>
    <message>
        <source>Your desktop has no keyring yet, and none was made.</source>
        <translation>Die Arbeitsumgebung hat noch keinen Schlüsselbund, und es wurde keiner angelegt.</translation>
    </message>
</context>
<context>
    <name>hearth::platform::Presence</name>
    <message>
        <source>The schedule keeps this hour free</source>
        <translation>Zeitplan</translation>
    </message>
    <message>
        <source>This machine runs on battery</source>
        <translation>Akkubetrieb</translation>
    </message>
    <message>
        <source>A program fills the screen</source>
        <translation>Vollbildprogramm</translation>
    </message>
    <message>
        <source>%1 is running</source>
        <translation>%1 läuft</translation>
    </message>
    <message>
        <source>It is being found out whether you need this machine</source>
        <translation>Noch ist nicht bekannt, ob dieser Rechner gebraucht wird</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::AboutDialog</name>
    <message>
        <source>About Hearth</source>
        <translation>Über Hearth</translation>
    </message>
    <message>
        <source>Hearth %1</source>
        <translation>Hearth %1</translation>
    </message>
    <message>
        <source>Hearth shares the language models that run on this box with the people whom you let. It dials out to a Hearth server; nothing on the box is opened to the network, and nothing is shared that you have not ticked.</source>
        <translation>Hearth teilt die Sprachmodelle dieses Rechners mit ausgewählten Menschen. Es wählt sich bei einem Hearth-Server ein; nichts auf dem Rechner wird zum Netz hin geöffnet, und nichts wird geteilt, was nicht angekreuzt ist.</translation>
    </message>
    <message>
        <source>It stands on: %1.</source>
        <translation>Grundlage: %1.</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::AgentPreferences</name>
    <message>
        <source>Agents</source>
        <translation>Agenten</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>P&amp;inned to</source>
        <translation>&amp;Gebunden an</translation>
    </message>
    <message>
        <source>Descri&amp;ption</source>
        <translation>Besch&amp;reibung</translation>
    </message>
    <message>
        <source>S&amp;ystem prompt</source>
        <translation>S&amp;ystem-Prompt</translation>
    </message>
    <message>
        <source>E&amp;xtras</source>
        <translation>E&amp;xtras</translation>
    </message>
    <message>
        <source>Pro&amp;ject</source>
        <translation>Pro&amp;jekt</translation>
    </message>
    <message>
        <source>No agents. An agent is a model with a prompt and parameters of its own, under a name of its own.</source>
        <translation>Keine Agenten. Ein Agent ist ein Modell mit eigenem Prompt und eigenen Parametern unter eigenem Namen.</translation>
    </message>
    <message>
        <source>Pa&amp;rameters</source>
        <translation>&amp;Parameter</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::BackendPicker</name>
    <message>
        <source>Find a backend</source>
        <translation>Backend suchen</translation>
    </message>
    <message>
        <source>Backends and their models</source>
        <translation>Backends und ihre Modelle</translation>
    </message>
    <message>
        <source>&amp;Use this model</source>
        <translation>Dieses Modell &amp;verwenden</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Erneut suchen</translation>
    </message>
    <message>
        <source>As&amp;k</source>
        <translation>A&amp;nfragen</translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation>&amp;Adresse</translation>
    </message>
    <message>
        <source>Address of a backend</source>
        <translation>Adresse eines Backends</translation>
    </message>
    <message>
        <source>Looking for backends on this machine…</source>
        <translation>Backends auf diesem Rechner werden gesucht …</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 unter %2</translation>
    </message>
    <message>
        <source>No backend answers. Start one, for example Ollama, vLLM, llama.cpp or LM Studio, and look again, or type its address.</source>
        <translation>Kein Backend antwortet. Eines starten, zum Beispiel Ollama, vLLM, llama.cpp oder LM Studio, und erneut suchen oder seine Adresse eingeben.</translation>
    </message>
    <message>
        <source>Where a backend wants a key, name the file with it under Details first.</source>
        <translation>Verlangt ein Backend einen Schlüssel, ist zuerst dessen Datei unter Details anzugeben.</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::ConnectionCheck</name>
    <message>
        <source>Chec&amp;k</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>Tries the server with the key</source>
        <translation>Probiert den Server mit dem Schlüssel aus</translation>
    </message>
    <message>
        <source>Trying the server…</source>
        <translation>Der Server wird ausprobiert …</translation>
    </message>
    <message>
        <source>Fetching the key from the keyring…</source>
        <translation>Der Schlüssel wird aus dem Schlüsselbund geholt …</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::DesktopPreferences</name>
    <message>
        <source>&amp;Start Hearth when I log in</source>
        <translation>Hearth beim Anmelden &amp;starten</translation>
    </message>
    <message>
        <source>This writes the file %1.</source>
        <translation>Dazu wird die Datei %1 geschrieben.</translation>
    </message>
    <message>
        <source>&amp;Closing the window leaves Hearth in the tray</source>
        <translation>Schließen des Fensters lässt Hearth im Inf&amp;obereich</translation>
    </message>
    <message>
        <source>&amp;Log from</source>
        <translation>Protoko&amp;ll ab</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::ForeignChange</name>
    <message>
        <source>Somebody else has changed the file while you were editing.</source>
        <translation>Jemand anders hat die Datei während der Bearbeitung geändert.</translation>
    </message>
    <message>
        <source>Drops what you typed and shows what the file says now</source>
        <translation>Verwirft die Eingaben und zeigt, was jetzt in der Datei steht</translation>
    </message>
    <message>
        <source>Saving will replace what the file says now</source>
        <translation>Speichern ersetzt, was jetzt in der Datei steht</translation>
    </message>
    <message>
        <source>Take o&amp;ver the file</source>
        <translation>Datei ü&amp;bernehmen</translation>
    </message>
    <message>
        <source>Keep wh&amp;at I typed</source>
        <translation>Eingaben beh&amp;alten</translation>
    </message>
    <message>
        <source>Somebody else has changed the file, and it cannot be read now. Nothing is saved over it before it has been mended in an editor. %1</source>
        <translation>Jemand anders hat die Datei geändert, und sie ist jetzt nicht lesbar. Sie wird nicht überschrieben, bevor sie in einem Editor berichtigt ist. %1</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::GeneralPreferences</name>
    <message>
        <source>&amp;Server</source>
        <translation>&amp;Server</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>&amp;Name of this box</source>
        <translation>&amp;Name dieses Rechners</translation>
    </message>
    <message>
        <source>Seldom needed</source>
        <translation>Selten gebraucht</translation>
    </message>
    <message>
        <source>Certi&amp;ficates</source>
        <translation>&amp;Zertifikate</translation>
    </message>
    <message>
        <source>S&amp;tate file</source>
        <translation>Zus&amp;tandsdatei</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::KeyReplacement</name>
    <message>
        <source>Replace the key</source>
        <translation>Schlüssel ersetzen</translation>
    </message>
    <message>
        <source>An API key of the Hearth server with the scope publish. Whoever runs the server makes one with: hearthd key create --name NAME --scope publish</source>
        <translation>Ein API-Schlüssel des Hearth-Servers mit dem Recht „publish“. Der Betreiber des Servers erzeugt ihn mit: hearthd key create --name NAME --scope publish</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neuer Schlüssel</translation>
    </message>
    <message>
        <source>S&amp;how what I type</source>
        <translation>Eingabe an&amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Store key</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;New key</source>
        <translation>&amp;Neuer Schlüssel</translation>
    </message>
    <message>
        <source>Storing the key. The keyring may ask you to unlock it…</source>
        <translation>Der Schlüssel wird gespeichert. Vielleicht muss der Schlüsselbund erst entsperrt werden …</translation>
    </message>
    <message>
        <source>The keyring is locked. Unlock it: the key is stored as soon as that is done.</source>
        <translation>Der Schlüsselbund ist gesperrt. Sobald er entsperrt ist, wird der Schlüssel gespeichert.</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::LimitPreferences</name>
    <message>
        <source>Publishing</source>
        <translation>Freigabe</translation>
    </message>
    <message>
        <source>Connecting again</source>
        <translation>Wiederverbinden</translation>
    </message>
    <message>
        <source>Backends</source>
        <translation>Backends</translation>
    </message>
    <message>
        <source>Connection to the server</source>
        <translation>Verbindung zum Server</translation>
    </message>
    <message>
        <source>Shortest wait</source>
        <translation>Kürzeste Wartezeit</translation>
    </message>
    <message>
        <source>Longest wait</source>
        <translation>Längste Wartezeit</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::ModelPreferences</name>
    <message>
        <source>Models; ticked ones are published</source>
        <translation>Modelle; angekreuzte sind freigegeben</translation>
    </message>
    <message>
        <source>Mod&amp;el</source>
        <translation>Mod&amp;ell</translation>
    </message>
    <message>
        <source>Detai&amp;ls</source>
        <translation>Detai&amp;ls</translation>
    </message>
    <message>
        <source>&amp;Wake</source>
        <translation>&amp;Wecken</translation>
    </message>
    <message>
        <source>&amp;Sleep</source>
        <translation>&amp;Schlafen</translation>
    </message>
    <message>
        <source>No models yet. Add one, and say where its backend is.</source>
        <translation>Noch keine Modelle. Eines hinzufügen und angeben, wo sein Backend ist.</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Bac&amp;kend</source>
        <translation>Bac&amp;kend</translation>
    </message>
    <message>
        <source>&amp;Find…</source>
        <translation>Su&amp;chen …</translation>
    </message>
    <message>
        <source>T&amp;ype</source>
        <translation>Ar&amp;t</translation>
    </message>
    <message>
        <source>Pu&amp;blish this model</source>
        <translation>Dieses Modell frei&amp;geben</translation>
    </message>
    <message>
        <source>At a t&amp;ime</source>
        <translation>Gleich&amp;zeitig</translation>
    </message>
    <message>
        <source>Tie&amp;r</source>
        <translation>St&amp;ufe</translation>
    </message>
    <message>
        <source>Descri&amp;ption</source>
        <translation>Besch&amp;reibung</translation>
    </message>
    <message>
        <source>Bac&amp;kend&apos;s key</source>
        <translation>S&amp;chlüssel des Backends</translation>
    </message>
    <message>
        <source>E&amp;xtra</source>
        <translation>E&amp;xtra</translation>
    </message>
    <message>
        <source>Remove the model</source>
        <translation>Modell entfernen</translation>
    </message>
    <message numerus="yes">
        <source>%n agent(s) of this box are pinned to the model &quot;%1&quot;: %2. Without it they work only if another box publishes a model of that name. Remove it?</source>
        <translation>
            <numerusform>%n Agent dieses Rechners ist an das Modell „%1“ gebunden: %2. Ohne es geht er nur, wenn ein anderer Rechner ein Modell dieses Namens freigibt. Entfernen?</numerusform>
            <numerusform>%n Agenten dieses Rechners sind an das Modell „%1“ gebunden: %2. Ohne es gehen sie nur, wenn ein anderer Rechner ein Modell dieses Namens freigibt. Entfernen?</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Its name t&amp;here</source>
        <translation>Sein Na&amp;me dort</translation>
    </message>
    <message>
        <source>&amp;Pool</source>
        <translation>P&amp;ool</translation>
    </message>
    <message>
        <source>Pro&amp;be</source>
        <translation>&amp;Probe</translation>
    </message>
    <message>
        <source>Ask for the usa&amp;ge of streams</source>
        <translation>&amp;Verbrauch beim Streaming erfragen</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::NotificationPreferences</name>
    <message>
        <source>Hearth notifies you only of what needs you, and never twice of the same cause.</source>
        <translation>Hearth meldet nur, was Aufmerksamkeit braucht, und nichts zweimal aus demselben Grund.</translation>
    </message>
    <message>
        <source>The server refuses the &amp;key</source>
        <translation>Der Server lehnt den &amp;Schlüssel ab</translation>
    </message>
    <message>
        <source>A &amp;name is taken on the server</source>
        <translation>Ein &amp;Name ist auf dem Server vergeben</translation>
    </message>
    <message>
        <source>A model could not be &amp;woken</source>
        <translation>Ein Modell ließ sich nicht &amp;wecken</translation>
    </message>
    <message>
        <source>A &amp;backend is gone</source>
        <translation>Ein Ba&amp;ckend ist weg</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::PausePreferences</name>
    <message>
        <source>While any of these holds, no new requests are taken. Running ones finish, and the models stay known to the server.</source>
        <translation>Solange eines davon zutrifft, werden keine neuen Anfragen angenommen. Laufende werden beendet, und der Server kennt die Modelle weiterhin.</translation>
    </message>
    <message>
        <source>On &amp;battery</source>
        <translation>Im A&amp;kkubetrieb</translation>
    </message>
    <message>
        <source>While a &amp;full-screen program runs</source>
        <translation>Während ein &amp;Vollbildprogramm läuft</translation>
    </message>
    <message>
        <source>&amp;Choose from running…</source>
        <translation>Aus &amp;laufenden wählen …</translation>
    </message>
    <message>
        <source>Running programs</source>
        <translation>Laufende Programme</translation>
    </message>
    <message>
        <source>Pause while this program runs:</source>
        <translation>Pausieren, während dieses Programm läuft:</translation>
    </message>
    <message>
        <source>&amp;Programs</source>
        <translation>&amp;Programme</translation>
    </message>
    <message>
        <source>&amp;Hours</source>
        <translation>&amp;Stunden</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::PinField</name>
    <message>
        <source>The model</source>
        <translation>Das Modell</translation>
    </message>
    <message>
        <source>The pool</source>
        <translation>Der Pool</translation>
    </message>
    <message>
        <source>Name of the model or pool</source>
        <translation>Name des Modells oder Pools</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::PoolField</name>
    <message>
        <source>The pool of its model</source>
        <translation>Der Pool seines Modells</translation>
    </message>
    <message>
        <source>No pool</source>
        <translation>Kein Pool</translation>
    </message>
    <message>
        <source>A pool of this name:</source>
        <translation>Ein Pool dieses Namens:</translation>
    </message>
    <message>
        <source>Name of the pool</source>
        <translation>Name des Pools</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::PreferencesDialog</name>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>Agenten</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Mitteilungen</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Arbeitsumgebung</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Goes to the first problem</source>
        <translation>Geht zum ersten Problem</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) to be mended before saving. The first is at %1: %2</source>
        <translation>
            <numerusform>%n Problem ist vor dem Speichern zu beheben: bei %1: %2</numerusform>
            <numerusform>%n Probleme sind vor dem Speichern zu beheben. Das erste: bei %1: %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been saved. %1</source>
        <translation>Es wurde nichts gespeichert. %1</translation>
    </message>
    <message>
        <source>Saved and applied.</source>
        <translation>Gespeichert und angewandt.</translation>
    </message>
    <message>
        <source>Connect again?</source>
        <translation>Neu verbinden?</translation>
    </message>
    <message numerus="yes">
        <source>This change needs a new connection to the server, which ends %n running request(s). Save it now?</source>
        <translation>
            <numerusform>Diese Änderung braucht eine neue Verbindung zum Server; das beendet %n laufende Anfrage. Jetzt speichern?</numerusform>
            <numerusform>Diese Änderung braucht eine neue Verbindung zum Server; das beendet %n laufende Anfragen. Jetzt speichern?</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Save and connect again</source>
        <translation>&amp;Speichern und neu verbinden</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>Some changes have not been saved. Save them?</source>
        <translation>Einige Änderungen sind nicht gespeichert. Speichern?</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Sh&amp;ow it</source>
        <translation>Ze&amp;igen</translation>
    </message>
    <message>
        <source>Saved. %1 (process %2) uses it after its next start.</source>
        <translation>Gespeichert. %1 (Prozess %2) verwendet es nach dem nächsten Start.</translation>
    </message>
    <message>
        <source>Saved. It is used as soon as something is published from here again.</source>
        <translation>Gespeichert. Es gilt, sobald von hier wieder etwas freigegeben wird.</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::ScheduleField</name>
    <message>
        <source>Add &amp;span</source>
        <translation>Zeitra&amp;um hinzufügen</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::ScheduleRow</name>
    <message>
        <source>from</source>
        <translation>von</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>Span, for example Mon-Fri 09:00-17:30</source>
        <translation>Zeitraum, zum Beispiel Mon-Fri 09:00-17:30</translation>
    </message>
    <message>
        <source>Remove this span</source>
        <translation>Diesen Zeitraum entfernen</translation>
    </message>
</context>
<context>
    <name>hearth::preferences::StoredKeyField</name>
    <message>
        <source>&amp;Replace key…</source>
        <translation>Schlüssel e&amp;rsetzen …</translation>
    </message>
    <message>
        <source>The key is in the keyring of the desktop.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund der Arbeitsumgebung.</translation>
    </message>
    <message>
        <source>There is no key yet.</source>
        <translation>Es gibt noch keinen Schlüssel.</translation>
    </message>
    <message>
        <source>The key is in the file %1.</source>
        <translation>Der Schlüssel liegt in der Datei %1.</translation>
    </message>
</context>
<context>
    <name>hearth::recipes::RecipeEditor</name>
    <message>
        <source>&amp;Program</source>
        <translation>&amp;Programm</translation>
    </message>
    <message>
        <source>Ar&amp;guments</source>
        <translation>Ar&amp;gumente</translation>
    </message>
    <message>
        <source>Add&amp;ress</source>
        <translation>Ad&amp;resse</translation>
    </message>
    <message>
        <source>Met&amp;hod</source>
        <translation>Me&amp;thode</translation>
    </message>
    <message>
        <source>Header &amp;fields</source>
        <translation>K&amp;opffelder</translation>
    </message>
    <message>
        <source>Bod&amp;y</source>
        <translation>Ru&amp;mpf</translation>
    </message>
    <message>
        <source>Re&amp;cipe limit</source>
        <translation>Rezept hö&amp;chstens</translation>
    </message>
    <message>
        <source>Wa&amp;ke it</source>
        <translation>Wec&amp;ken</translation>
    </message>
    <message>
        <source>Backend l&amp;imit</source>
        <translation>Backe&amp;nd höchstens</translation>
    </message>
    <message>
        <source>Put &amp;it to sleep</source>
        <translation>Schlafe&amp;n legen</translation>
    </message>
    <message>
        <source>Whe&amp;n idle for</source>
        <translation>Nach Leerlauf &amp;von</translation>
    </message>
</context>
<context>
    <name>hearth::recipes::RecipeTrial</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>The recipe has ended well, but the backend has not answered within %1.</source>
        <translation>Das Rezept war erfolgreich, aber das Backend hat nicht innerhalb von %1 geantwortet.</translation>
    </message>
    <message>
        <source>The recipe has ended well.</source>
        <translation>Das Rezept war erfolgreich.</translation>
    </message>
    <message>
        <source>The recipe has ended well. The backend was awake before, so this does not show whether the recipe wakes it.</source>
        <translation>Das Rezept war erfolgreich. Das Backend war vorher schon wach; ob das Rezept es weckt, zeigt sich so nicht.</translation>
    </message>
    <message>
        <source>The backend has woken up.</source>
        <translation>Das Backend ist aufgewacht.</translation>
    </message>
</context>
<context>
    <name>hearth::recipes::RecipeTry</name>
    <message>
        <source>&amp;Try it</source>
        <translation>A&amp;usprobieren</translation>
    </message>
    <message>
        <source>Runs this recipe now, on this machine</source>
        <translation>Führt dieses Rezept jetzt auf diesem Rechner aus</translation>
    </message>
    <message>
        <source>Progress of the recipe</source>
        <translation>Fortschritt des Rezepts</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Cancel &amp;trial</source>
        <translation>Vers&amp;uch abbrechen</translation>
    </message>
    <message>
        <source>Asking whether the backend is awake already…</source>
        <translation>Es wird gefragt, ob das Backend schon wach ist …</translation>
    </message>
    <message>
        <source>%v of %m s</source>
        <extracomment>%v and %m stay as they are: they are replaced by numbers of seconds.</extracomment>
        <translation>%v von %m s</translation>
    </message>
    <message>
        <source>The recipe runs…</source>
        <translation>Das Rezept läuft …</translation>
    </message>
    <message>
        <source>The recipe has ended well. Waiting for the backend…</source>
        <translation>Das Rezept war erfolgreich. Warten auf das Backend …</translation>
    </message>
</context>
<context>
    <name>hearth::recipes::RecipeTypeField</name>
    <message>
        <source>Not at all</source>
        <translation>Gar nicht</translation>
    </message>
    <message>
        <source>By a program on this machine</source>
        <translation>Durch ein Programm auf diesem Rechner</translation>
    </message>
    <message>
        <source>By an HTTP request</source>
        <translation>Durch eine HTTP-Anfrage</translation>
    </message>
</context>
<context>
    <name>hearth::setup::AddBackendDialog</name>
    <message>
        <source>Add a backend</source>
        <translation>Backend hinzufügen</translation>
    </message>
    <message>
        <source>Only where the backend wants one</source>
        <translation>Nur wenn das Backend einen verlangt</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>A&amp;ddress:</source>
        <translation>A&amp;dresse:</translation>
    </message>
    <message>
        <source>&amp;Key:</source>
        <translation>&amp;Schlüssel:</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
</context>
<context>
    <name>hearth::setup::AutostartPage</name>
    <message>
        <source>When you log in</source>
        <translation>Beim Anmelden</translation>
    </message>
    <message>
        <source>Your models are shared while this program runs.</source>
        <translation>Die Modelle werden geteilt, solange dieses Programm läuft.</translation>
    </message>
    <message>
        <source>&amp;Start Hearth when I log in</source>
        <translation>Hearth beim Anmelden &amp;starten</translation>
    </message>
    <message>
        <source>What will be written</source>
        <translation>Was geschrieben wird</translation>
    </message>
    <message>
        <source>If it is ticked, this is written to %1:</source>
        <translation>Wenn es angekreuzt ist, wird dies in %1 geschrieben:</translation>
    </message>
</context>
<context>
    <name>hearth::setup::LiveTestPage</name>
    <message>
        <source>Does it work?</source>
        <translation>Funktioniert es?</translation>
    </message>
    <message>
        <source>One short request, through the server and back.</source>
        <translation>Eine kurze Anfrage, durch den Server und zurück.</translation>
    </message>
    <message>
        <source>Another &amp;key:</source>
        <translation>Anderer Sch&amp;lüssel:</translation>
    </message>
    <message>
        <source>Send &amp;request</source>
        <translation>&amp;Anfrage senden</translation>
    </message>
    <message>
        <source>C&amp;opy</source>
        <translation>K&amp;opieren</translation>
    </message>
    <message>
        <source>The test is running</source>
        <translation>Der Test läuft</translation>
    </message>
    <message>
        <source>Answer of the model</source>
        <translation>Antwort des Modells</translation>
    </message>
    <message>
        <source>Used for this test only, and not stored</source>
        <translation>Nur für diesen Test, wird nicht gespeichert</translation>
    </message>
    <message>
        <source>The same request for a terminal</source>
        <translation>Dieselbe Anfrage für ein Terminal</translation>
    </message>
    <message>
        <source>Copies the request for a terminal</source>
        <translation>Kopiert die Anfrage für ein Terminal</translation>
    </message>
    <message>
        <source>&amp;Model:</source>
        <translation>&amp;Modell:</translation>
    </message>
    <message>
        <source>The same from a &amp;terminal:</source>
        <translation>Dasselbe in einem &amp;Terminal:</translation>
    </message>
    <message>
        <source>Waiting until the server offers the model…</source>
        <translation>Warten, bis der Server das Modell anbietet …</translation>
    </message>
    <message>
        <source>The model is shared. Enter a key to send a request with it, or finish.</source>
        <translation>Das Modell ist freigegeben. Einen Schlüssel eingeben, um damit eine Anfrage zu senden, oder abschließen.</translation>
    </message>
    <message>
        <source>The server does not offer the model: %1</source>
        <translation>Der Server bietet das Modell nicht an: %1</translation>
    </message>
    <message>
        <source>The model is shared, but its backend does not answer. Start it.</source>
        <translation>Das Modell ist freigegeben, aber sein Backend antwortet nicht. Bitte starten.</translation>
    </message>
    <message>
        <source>The model is shared, but paused now.</source>
        <translation>Das Modell ist freigegeben, aber gerade pausiert.</translation>
    </message>
    <message>
        <source>Sent. The backend sleeps and is being woken; that may take a minute or two…</source>
        <translation>Gesendet. Das Backend schläft und wird geweckt; das kann ein bis zwei Minuten dauern …</translation>
    </message>
    <message>
        <source>Sent. Waiting for the answer…</source>
        <translation>Gesendet. Warten auf die Antwort …</translation>
    </message>
    <message>
        <source>It works: an answer after %1 s.</source>
        <translation>Es funktioniert: Antwort nach %1 s.</translation>
    </message>
    <message>
        <source>(The model has answered without a word.)</source>
        <translation>(Das Modell hat ohne ein Wort geantwortet.)</translation>
    </message>
    <message>
        <source>The model is shared. The key of this computer may publish but not send requests, and need not. To see an answer, enter a key with the scope &quot;infer&quot;; or finish.</source>
        <translation>Das Modell ist freigegeben. Der Schlüssel dieses Rechners darf freigeben, aber keine Anfragen senden, und muss es auch nicht. Für eine Antwort einen Schlüssel mit dem Recht „infer“ eingeben, oder abschließen.</translation>
    </message>
</context>
<context>
    <name>hearth::setup::ModelTree</name>
    <message>
        <source>Backends and their models</source>
        <translation>Backends und ihre Modelle</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Name for callers</source>
        <translation>Name für Aufrufer</translation>
    </message>
    <message>
        <source>Requests at a time</source>
        <translation>Gleichzeitige Anfragen</translation>
    </message>
    <message>
        <source>does not answer now</source>
        <translation>antwortet gerade nicht</translation>
    </message>
    <message>
        <source>%1, without any model</source>
        <translation>%1, ohne Modell</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>The address of a backend, and what is known of it: &quot;http://127.0.0.1:8000/v1 (vLLM)&quot;</extracomment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a name. Names begin with a letter or a digit and have nothing but letters, digits and . _ : / @ - in them.</source>
        <translation>„%1“ kann kein Name sein. Namen beginnen mit einem Buchstaben oder einer Ziffer und enthalten nur Buchstaben, Ziffern und . _ : / @ -.</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; is given twice. Change one of them.</source>
        <translation>Der Name „%1“ ist zweimal vergeben. Bitte einen davon ändern.</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>wird gefragt …</translation>
    </message>
</context>
<context>
    <name>hearth::setup::ModelsPage</name>
    <message>
        <source>Models to share</source>
        <translation>Modelle zum Teilen</translation>
    </message>
    <message>
        <source>Tick those that others may use. Nothing else is shared.</source>
        <translation>Ankreuzen, was andere nutzen dürfen. Sonst wird nichts geteilt.</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Erneut suchen</translation>
    </message>
    <message>
        <source>Add by a&amp;ddress…</source>
        <translation>Über A&amp;dresse hinzufügen …</translation>
    </message>
    <message>
        <source>Space ticks a model, F2 changes its name or limit</source>
        <translation>Leertaste kreuzt ein Modell an, F2 ändert Namen oder Grenze</translation>
    </message>
    <message>
        <source>Tick at least one model.</source>
        <translation>Bitte mindestens ein Modell ankreuzen.</translation>
    </message>
    <message>
        <source>Looking for backends on this computer…</source>
        <translation>Backends auf diesem Rechner werden gesucht …</translation>
    </message>
    <message>
        <source>No backend answers on the usual ports of this computer. Start one, for example with &quot;ollama serve&quot;, &quot;vllm serve&quot; or &quot;llama-server&quot;, and look again; or add one by its address.</source>
        <translation>Auf den üblichen Ports dieses Rechners antwortet kein Backend. Eines starten, zum Beispiel mit „ollama serve“, „vllm serve“ oder „llama-server“, und erneut suchen; oder eines über seine Adresse hinzufügen.</translation>
    </message>
</context>
<context>
    <name>hearth::setup::ServerPage</name>
    <message>
        <source>Your server</source>
        <translation>Der Server</translation>
    </message>
    <message>
        <source>Where the models are offered, and the key that lets you do it.</source>
        <translation>Wo die Modelle angeboten werden, und der Schlüssel, der das erlaubt.</translation>
    </message>
    <message>
        <source>&amp;Show the key</source>
        <translation>Schlüssel anzei&amp;gen</translation>
    </message>
    <message>
        <source>Checked while you type</source>
        <translation>Wird beim Tippen geprüft</translation>
    </message>
    <message>
        <source>Ad&amp;vanced</source>
        <translation>Erwei&amp;tert</translation>
    </message>
    <message>
        <source>&amp;Address:</source>
        <translation>&amp;Adresse:</translation>
    </message>
    <message>
        <source>API &amp;key:</source>
        <translation>API-&amp;Schlüssel:</translation>
    </message>
    <message>
        <source>Those that this computer trusts</source>
        <translation>Diejenigen, denen dieser Rechner vertraut</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>Wä&amp;hlen …</translation>
    </message>
    <message>
        <source>Choose the file of the certificate authority</source>
        <translation>Datei der Zertifizierungsstelle wählen</translation>
    </message>
    <message>
        <source>Certificate a&amp;uthority:</source>
        <translation>Ze&amp;rtifizierungsstelle:</translation>
    </message>
    <message>
        <source>Enter the address of your server.</source>
        <translation>Bitte die Adresse des Servers eingeben.</translation>
    </message>
    <message>
        <source>Enter the key that you were given.</source>
        <translation>Bitte den erhaltenen Schlüssel eingeben.</translation>
    </message>
    <message>
        <source>Waiting for the server&apos;s answer…</source>
        <translation>Warten auf die Antwort des Servers …</translation>
    </message>
    <message>
        <source>Correct the address or the key to go on.</source>
        <translation>Zum Weitermachen Adresse oder Schlüssel berichtigen.</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>Zertifikate (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Your key is in the file %1. Leave this empty to keep it.</source>
        <translation>Der Schlüssel liegt in der Datei %1. Leer lassen, um ihn zu behalten.</translation>
    </message>
    <message>
        <source>Looking for a keyring…</source>
        <translation>Ein Schlüsselbund wird gesucht …</translation>
    </message>
    <message>
        <source>Your key is in the keyring of your desktop. Leave this empty to keep it.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund der Arbeitsumgebung. Leer lassen, um ihn zu behalten.</translation>
    </message>
    <message>
        <source>Your keyring is locked. Unlock it: the key will be kept there.</source>
        <translation>Der Schlüsselbund ist gesperrt. Bitte entsperren: Der Schlüssel wird dort aufbewahrt.</translation>
    </message>
    <message>
        <source>This desktop has no keyring. The key will be kept in a file beside %1, which only you can read.</source>
        <translation>Diese Arbeitsumgebung hat keinen Schlüsselbund. Der Schlüssel wird in einer Datei neben %1 aufbewahrt, die nur für den Eigentümer lesbar ist.</translation>
    </message>
    <message>
        <source>The key will be kept in the keyring of your desktop or, if that has none yet and you make none, in a file beside %1, which only you can read.</source>
        <translation>Der Schlüssel wird im Schlüsselbund der Arbeitsumgebung aufbewahrt oder, wenn es noch keinen gibt und keiner angelegt wird, in einer Datei neben %1, die nur für den Eigentümer lesbar ist.</translation>
    </message>
</context>
<context>
    <name>hearth::setup::SetupSaver</name>
    <message>
        <source>Your keyring is locked. Unlock it and save again.</source>
        <translation>Der Schlüsselbund ist gesperrt. Bitte entsperren und noch einmal speichern.</translation>
    </message>
    <message>
        <source>It stays there, although the configuration has not been saved.</source>
        <translation>Er bleibt dort, obwohl die Konfiguration nicht gespeichert wurde.</translation>
    </message>
    <message>
        <source>The configuration has been changed since this window was opened, and is not overwritten. Close this window and open it again to go on from what the file says now.</source>
        <translation>Die Konfiguration ist geändert worden, seit dieses Fenster offen ist, und wird nicht überschrieben. Das Fenster schließen und wieder öffnen, um mit dem jetzigen Stand der Datei weiterzumachen.</translation>
    </message>
</context>
<context>
    <name>hearth::setup::SetupWizard</name>
    <message>
        <source>Set up Hearth</source>
        <translation>Hearth einrichten</translation>
    </message>
</context>
<context>
    <name>hearth::setup::SummaryPage</name>
    <message>
        <source>Ready to share</source>
        <translation>Bereit zum Teilen</translation>
    </message>
    <message>
        <source>This is what happens when you save.</source>
        <translation>Das geschieht beim Speichern.</translation>
    </message>
    <message>
        <source>What happens when you save</source>
        <translation>Was beim Speichern geschieht</translation>
    </message>
    <message>
        <source>&amp;Save and share</source>
        <translation>&amp;Speichern und teilen</translation>
    </message>
    <message>
        <source>Server:</source>
        <translation>Server:</translation>
    </message>
    <message>
        <source>Key:</source>
        <translation>Schlüssel:</translation>
    </message>
    <message>
        <source>The one that is stored already.</source>
        <translation>Der schon gespeicherte.</translation>
    </message>
    <message>
        <source>Will be stored.</source>
        <translation>Wird gespeichert.</translation>
    </message>
    <message>
        <source>Models:</source>
        <translation>Modelle:</translation>
    </message>
    <message>
        <source>Wake up:</source>
        <translation>Wecken:</translation>
    </message>
    <message>
        <source>At login:</source>
        <translation>Beim Anmelden:</translation>
    </message>
    <message>
        <source>Hearth is started.</source>
        <translation>Hearth wird gestartet.</translation>
    </message>
    <message>
        <source>Hearth is not started.</source>
        <translation>Hearth wird nicht gestartet.</translation>
    </message>
    <message>
        <source>Saved in:</source>
        <translation>Gespeichert in:</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 unter %2</translation>
    </message>
    <message>
        <source>%1, which is %2 at %3</source>
        <translation>%1, das ist %2 unter %3</translation>
    </message>
    <message>
        <source>No backend is started on demand.</source>
        <translation>Kein Backend wird bei Bedarf gestartet.</translation>
    </message>
    <message>
        <source>Requests start the backend of %1.</source>
        <translation>Anfragen starten das Backend von %1.</translation>
    </message>
    <message>
        <source>Saving… If your keyring asks for its password, unlock it.</source>
        <translation>Wird gespeichert … Falls der Schlüsselbund nach seinem Passwort fragt, bitte entsperren.</translation>
    </message>
</context>
<context>
    <name>hearth::setup::WakePage</name>
    <message>
        <source>Wake up on demand</source>
        <translation>Wecken bei Bedarf</translation>
    </message>
    <message>
        <source>A backend that sleeps can be started by the first request. Skip this if yours always runs.</source>
        <translation>Ein schlafendes Backend kann durch die erste Anfrage gestartet werden. Läuft es immer, diese Seite überspringen.</translation>
    </message>
    <message>
        <source>The recipe for %1 is not complete.</source>
        <translation>Das Rezept für %1 ist unvollständig.</translation>
    </message>
    <message>
        <source>Backen&amp;d:</source>
        <translation>&amp;Backend:</translation>
    </message>
</context>
<context>
    <name>hearth::setup::WelcomePage</name>
    <message>
        <source>Share the models of this computer</source>
        <translation>Die Modelle dieses Rechners teilen</translation>
    </message>
    <message>
        <source>In a few steps, and nothing by accident.</source>
        <translation>In wenigen Schritten, und nichts aus Versehen.</translation>
    </message>
    <message>
        <source>Others will be able to use language models that run here, by way of a Hearth server. This computer calls the server; nothing is opened to the network.</source>
        <translation>Andere können dann über einen Hearth-Server Sprachmodelle nutzen, die hier laufen. Dieser Rechner ruft den Server an; nichts wird zum Netz hin geöffnet.</translation>
    </message>
    <message>
        <source>You will need the address of your server and an API key with the scope &quot;publish&quot;. Whoever runs the server makes one with:

    hearthd key create --name NAME --scope publish</source>
        <translation>Nötig sind die Adresse des Servers und ein API-Schlüssel mit dem Recht „publish“. Der Betreiber des Servers erzeugt ihn mit:

    hearthd key create --name NAME --scope publish</translation>
    </message>
    <message>
        <source>The next pages ask for both, look for models on this computer, and let you choose which of them to share. Nothing is shared until you have ticked it and saved, and you can change all of it later.</source>
        <translation>Die nächsten Seiten fragen nach beidem, suchen auf diesem Rechner nach Modellen und lassen die Wahl, welche davon geteilt werden. Nichts wird geteilt, bevor es angekreuzt und gespeichert ist, und alles lässt sich später ändern.</translation>
    </message>
    <message>
        <source>You have a configuration already. What these pages do not ask about stays as it is.</source>
        <translation>Es gibt schon eine Konfiguration. Wonach diese Seiten nicht fragen, bleibt, wie es ist.</translation>
    </message>
</context>
<context>
    <name>hearth::tray::Departure</name>
    <message>
        <source>&amp;Finish first</source>
        <translation>&amp;Erst abschließen</translation>
    </message>
    <message>
        <source>&amp;Quit now</source>
        <translation>&amp;Sofort beenden</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Quit Hearth</source>
        <translation>Hearth beenden</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n Anfrage</numerusform>
            <numerusform>%n Anfragen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wake(s)</source>
        <translation>
            <numerusform>%n Weckvorgang</numerusform>
            <numerusform>%n Weckvorgänge</numerusform>
        </translation>
    </message>
    <message>
        <source>Still running: %1. Quit Hearth?</source>
        <translation>Noch im Gange: %1. Hearth beenden?</translation>
    </message>
    <message>
        <source>“Finish first” takes nothing new and quits when all of it has ended. “Quit now” cuts it off.</source>
        <translation>„Erst abschließen“ nimmt nichts Neues an und beendet Hearth, wenn alles davon zu Ende ist. „Sofort beenden“ bricht es ab.</translation>
    </message>
    <message>
        <source>Nothing new is taken. Hearth quits when all of it has ended.</source>
        <translation>Neues wird nicht angenommen. Hearth wird beendet, wenn alles davon zu Ende ist.</translation>
    </message>
    <message>
        <source>Finishing %1…</source>
        <translation>Wird abgeschlossen: %1 …</translation>
    </message>
</context>
<context>
    <name>hearth::tray::TrayApp</name>
    <message>
        <source>The configuration cannot be changed here</source>
        <translation>Die Konfiguration lässt sich hier nicht ändern</translation>
    </message>
    <message>
        <source>Mend the file in an editor; it is %1.</source>
        <translation>Bitte die Datei in einem Editor korrigieren; es ist %1.</translation>
    </message>
</context>
<context>
    <name>hearth::window::ActivityPanel</name>
    <message>
        <source>not counted</source>
        <translation>nicht gezählt</translation>
    </message>
    <message>
        <source>none in the last hour</source>
        <translation>keine in der letzten Stunde</translation>
    </message>
    <message>
        <source>%1 this minute, at most %2 a minute</source>
        <translation>%1 in dieser Minute, höchstens %2 je Minute</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>an hour ago</source>
        <translation>vor einer Stunde</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>%1 in the last hour</source>
        <translation>%1 in der letzten Stunde</translation>
    </message>
</context>
<context>
    <name>hearth::window::AttentionBar</name>
    <message numerus="yes">
        <source>And %n more</source>
        <translation>
            <numerusform>Und %n weiteres</numerusform>
            <numerusform>Und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hearth::window::ConnectionPanel</name>
    <message>
        <source>Online</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>Online, draining</source>
        <translation>Online, läuft aus</translation>
    </message>
    <message>
        <source>Online, paused</source>
        <translation>Online, pausiert</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbindet …</translation>
    </message>
    <message>
        <source>This box is called %1</source>
        <translation>Dieser Rechner heißt %1</translation>
    </message>
    <message>
        <source>Nothing new is taken; what runs is finished</source>
        <translation>Neues wird nicht angenommen; Laufendes wird beendet</translation>
    </message>
    <message>
        <source>Nothing new is taken: %1</source>
        <translation>Neues wird nicht angenommen: %1</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 (version %2)</source>
        <translation>%1 (Version %2)</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Online for</source>
        <translation>Online seit</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Umlaufzeit</translation>
    </message>
    <message>
        <source>Last heartbeat</source>
        <translation>Zuletzt gehört</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>Epoche</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Next attempt in %1</source>
        <translation>Nächster Versuch in %1</translation>
    </message>
</context>
<context>
    <name>hearth::window::LogPanel</name>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Folgen</translation>
    </message>
    <message>
        <source>&amp;Copy selected lines</source>
        <translation>&amp;Gewählte Zeilen kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;all lines</source>
        <translation>&amp;Alle Zeilen kopieren</translation>
    </message>
    <message>
        <source>No line of the log matches.</source>
        <translation>Keine Zeile des Protokolls passt.</translation>
    </message>
    <message>
        <source>Least level</source>
        <translation>Mindeststufe</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>From info</source>
        <translation>Ab Info</translation>
    </message>
    <message>
        <source>From warnings</source>
        <translation>Ab Warnungen</translation>
    </message>
    <message>
        <source>Only errors</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Words in source or message</source>
        <translation>Wörter in Quelle oder Meldung</translation>
    </message>
    <message>
        <source>&amp;Search:</source>
        <translation>&amp;Suche:</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Keep the newest line in sight</source>
        <translation>Die neueste Zeile im Blick behalten</translation>
    </message>
    <message>
        <source>L&amp;evel:</source>
        <translation>S&amp;tufe:</translation>
    </message>
</context>
<context>
    <name>hearth::window::MainWindow</name>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>&amp;Overview</source>
        <translation>Ü&amp;bersicht</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>Pr&amp;otokoll</translation>
    </message>
    <message>
        <source>&amp;Publisher</source>
        <translation>&amp;Publisher</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>S&amp;etup…</source>
        <translation>E&amp;inrichtung …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>&amp;Über</translation>
    </message>
    <message>
        <source>Hearth</source>
        <translation>Hearth</translation>
    </message>
    <message>
        <source>%1 – Hearth</source>
        <translation>%1 – Hearth</translation>
    </message>
    <message>
        <source>%1 (process %2) publishes with this configuration. It is shown here, and can be controlled only there.</source>
        <translation>%1 (Prozess %2) gibt mit dieser Konfiguration frei. Hier wird es nur angezeigt; gesteuert wird es dort.</translation>
    </message>
</context>
<context>
    <name>hearth::window::MessageBar</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>hearth::window::ModelsPanel</name>
    <message>
        <source>P&amp;ublish</source>
        <translation>F&amp;reigeben</translation>
    </message>
    <message>
        <source>&amp;Wake now</source>
        <translation>Jetzt &amp;wecken</translation>
    </message>
    <message>
        <source>Start the backend of this model</source>
        <translation>Das Backend dieses Modells starten</translation>
    </message>
    <message>
        <source>&amp;Cancel wake</source>
        <translation>Wecken &amp;abbrechen</translation>
    </message>
    <message>
        <source>Stop starting the backend; whoever waits for it is told</source>
        <translation>Das Starten des Backends abbrechen; wer darauf wartet, erfährt es</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>&amp;Bearbeiten …</translation>
    </message>
    <message>
        <source>Change the settings of this model</source>
        <translation>Die Einstellungen dieses Modells ändern</translation>
    </message>
    <message>
        <source>Tell the publisher about another model</source>
        <translation>Dem Publisher ein weiteres Modell nennen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>No models yet. Add one, and others can use it as soon as you publish it.</source>
        <translation>Noch keine Modelle. Eines hinzufügen; andere können es nutzen, sobald es freigegeben ist.</translation>
    </message>
    <message>
        <source>Decide whether others can use this model</source>
        <translation>Entscheiden, ob andere dieses Modell nutzen können</translation>
    </message>
    <message>
        <source>A&amp;dd a model…</source>
        <translation>Modell &amp;hinzufügen …</translation>
    </message>
    <message>
        <source>Model&amp;s</source>
        <translation>Mo&amp;delle</translation>
    </message>
    <message>
        <source>Stop p&amp;ublishing</source>
        <translation>Freigabe &amp;zurücknehmen</translation>
    </message>
</context>
<context>
    <name>hearth::window::PublisherActions</name>
    <message>
        <source>Take nothing new; what runs is finished</source>
        <translation>Neues nicht annehmen; Laufendes wird beendet</translation>
    </message>
    <message>
        <source>&amp;Drain</source>
        <translation>A&amp;uslaufen lassen</translation>
    </message>
    <message>
        <source>Finish what runs, then pause</source>
        <translation>Laufendes beenden, dann pausieren</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>Fo&amp;rtsetzen</translation>
    </message>
    <message>
        <source>Take requests again</source>
        <translation>Wieder Anfragen annehmen</translation>
    </message>
    <message>
        <source>Connect without waiting for the next attempt</source>
        <translation>Verbinden, ohne auf den nächsten Versuch zu warten</translation>
    </message>
    <message>
        <source>Copy the address that clients use</source>
        <translation>Die Adresse kopieren, die Clients verwenden</translation>
    </message>
    <message>
        <source>P&amp;ause</source>
        <translation>P&amp;ause</translation>
    </message>
    <message>
        <source>&amp;Try now</source>
        <translation>&amp;Jetzt versuchen</translation>
    </message>
    <message>
        <source>Copy &amp;base URL</source>
        <translation>&amp;Basis-URL kopieren</translation>
    </message>
</context>
<context>
    <name>hearth::window::RequestsPanel</name>
    <message>
        <source>Cancel re&amp;quest</source>
        <translation>Anfrage ab&amp;brechen</translation>
    </message>
    <message>
        <source>End the selected requests; whoever sent them is told</source>
        <translation>Die gewählten Anfragen beenden; wer sie gestellt hat, erfährt es</translation>
    </message>
    <message>
        <source>No requests are running.</source>
        <translation>Es laufen keine Anfragen.</translation>
    </message>
    <message>
        <source>Running requests</source>
        <translation>Laufende Anfragen</translation>
    </message>
    <message>
        <source>Runnin&amp;g requests</source>
        <translation>Laufende Anfra&amp;gen</translation>
    </message>
</context>
<context>
    <name>hearth::window::SituationPage</name>
    <message>
        <source>Share the models of this box</source>
        <translation>Die Modelle dieses Rechners teilen</translation>
    </message>
    <message>
        <source>Connect this box to a Hearth server and choose which models others may use. Nothing is shared until you say so.</source>
        <translation>Diesen Rechner mit einem Hearth-Server verbinden und wählen, welche Modelle andere nutzen dürfen. Nichts wird ungefragt geteilt.</translation>
    </message>
    <message>
        <source>&amp;Set up…</source>
        <translation>&amp;Einrichten …</translation>
    </message>
    <message>
        <source>The configuration cannot be used</source>
        <translation>Die Konfiguration ist unbrauchbar</translation>
    </message>
    <message>
        <source>Nothing is published. Mend %1: it is read again as soon as it is saved.</source>
        <translation>Nichts ist freigegeben. Bitte %1 korrigieren: Die Datei wird neu gelesen, sobald sie gespeichert ist.</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>%1 has ended</source>
        <translation>%1 wurde beendet</translation>
    </message>
    <message>
        <source>It published the models of this box. Now nothing is published.</source>
        <translation>Es hat die Modelle dieses Rechners freigegeben. Jetzt ist nichts freigegeben.</translation>
    </message>
    <message>
        <source>What has happened</source>
        <translation>Was geschehen ist</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Publish &amp;from here</source>
        <translation>&amp;Von hier freigeben</translation>
    </message>
</context>
</TS>
