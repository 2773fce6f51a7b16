#!/usr/bin/env python3
"""Shows that lint.py can fail: each case plants one defect in a small sound project and expects exactly its finding."""

import tempfile
import textwrap
import unittest
from pathlib import Path

from lint import Lint

SOUND = {
    "CMakeLists.txt": """
        add_subdirectory(common/base)
        add_subdirectory(server/relay)
        add_subdirectory(server/api)
        add_subdirectory(server)
        add_subdirectory(desktop/publisher)
        add_subdirectory(tests)
        """,
    "common/base/CMakeLists.txt": "hearth_add_room(base SOURCES result.h LINKS Qt6::Core)",
    "common/base/result.h": "#include <QString>\n",
    "server/relay/CMakeLists.txt": "hearth_add_room(relay SOURCES relay.cpp relay.h LINKS hearth_base)",
    "server/relay/relay.h": '#include "result.h"\n',
    "server/relay/relay.cpp": '#include "relay.h"\n#include "relay.moc"\n',
    "server/api/CMakeLists.txt": "hearth_add_room(api SOURCES api.cpp api.h PRIVATE_LINKS hearth_relay)",
    "server/api/api.h": "",
    "server/api/api.cpp": '#include "api.h"\n#include "relay.h"\n#include "result.h"\n',
    "server/CMakeLists.txt": "add_executable(hearthd main.cpp)\ntarget_link_libraries(hearthd PRIVATE hearth_api)",
    "server/main.cpp": '#include "api.h"\n',
    "desktop/publisher/CMakeLists.txt": "hearth_add_room(publisher SOURCES publisher.h LINKS hearth_base)",
    "desktop/publisher/publisher.h": '#include "result.h"\n',
    "tests/CMakeLists.txt": "hearth_add_test(tst_relay SOURCES tst_relay.cpp LINKS hearth_api hearth_publisher)",
    "tests/tst_relay.cpp": '#include "api.h"\n#include "publisher.h"\n#include "tst_relay.moc"\n',
}


def body(lines: int) -> str:
    return "    work();\n" * (lines - 3)


class LintTest(unittest.TestCase):
    def findings(self, changes: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (SOUND | changes).items():
                file = Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(textwrap.dedent(text), encoding="utf-8")
            return Lint(Path(folder)).findings()

    def assert_finding(self, changes: dict[str, str], expected: str):
        self.assertEqual(self.findings(changes), [expected])

    def test_sound_project(self):
        self.assertEqual(self.findings({}), [])

    def test_relative_include(self):
        self.assert_finding(
            {"server/relay/relay.h": '\n#include "../../common/base/result.h"\n'},
            "server/relay/relay.h:2: relative include of ../../common/base/result.h",
        )

    def test_room_prefix(self):
        self.assert_finding(
            {"server/api/api.cpp": '#include "relay/relay.h"\n'},
            "server/api/api.cpp:1: relay/relay.h is included by a path; its bare name is enough",
        )

    def test_angle_brackets(self):
        for name in ("relay.h", "relay/relay.h"):
            with self.subTest(name):
                self.assert_finding(
                    {"server/api/api.cpp": f"#include <{name}>\n"},
                    f"server/api/api.cpp:1: {name} is ours and belongs in quotes, without a path",
                )

    def test_upward_include(self):
        self.assert_finding(
            {"server/relay/relay.cpp": '#include "api.h"\n'},
            "server/relay/relay.cpp:1: api.h belongs to hearth_api, which is not on the link line of hearth_relay",
        )

    def test_upward_link(self):
        self.assert_finding(
            {"server/relay/CMakeLists.txt": "\nhearth_add_room(relay SOURCES relay.cpp relay.h LINKS hearth_base hearth_api)"},
            "server/relay/CMakeLists.txt:2: hearth_relay links hearth_api, which stands above it",
        )

    def test_private_link_is_not_passed_on(self):
        self.assert_finding(
            {"server/main.cpp": '#include "relay.h"\n'},
            "server/main.cpp:1: relay.h belongs to hearth_relay, which is not on the link line of hearthd",
        )

    def test_server_and_desktop(self):
        self.assert_finding(
            {"desktop/publisher/CMakeLists.txt": "hearth_add_room(publisher SOURCES publisher.h LINKS hearth_base hearth_relay)"},
            "desktop/publisher/CMakeLists.txt:1: hearth_publisher must not link hearth_relay: wrong direction",
        )

    def test_desktop_and_server(self):
        self.assert_finding(
            {"desktop/publisher/publisher.h": '#include "relay.h"\n'},
            "desktop/publisher/publisher.h:1: relay.h belongs to hearth_relay, which is not on the link line of hearth_publisher",
        )

    def test_unknown_header(self):
        self.assert_finding({"server/main.cpp": '#include "nowhere.h"\n'}, "server/main.cpp:1: no room has a header nowhere.h")

    def test_generated_header(self):
        self.assertEqual(self.findings({"server/version.h.in": "", "server/main.cpp": '#include "version.h"\n'}), [])

    def test_file_without_room(self):
        self.assert_finding({"server/stray/stray.cpp": '#include "result.h"\n'}, "server/stray/stray.cpp:1: the file belongs to no room")

    def test_source_that_nothing_compiles(self):
        self.assert_finding({"server/api/dead.cpp": '#include "result.h"\n'}, "server/api/dead.cpp:1: the file belongs to no room")

    def test_header_name_taken(self):
        self.assert_finding({"server/api/result.h": ""}, "server/api/result.h:1: the header name result.h is taken by common/base/result.h")

    def test_long_file(self):
        self.assertEqual(self.findings({"server/api/api.h": "\n" * 400}), [])
        self.assert_finding({"server/api/api.h": "\n" * 401}, "server/api/api.h:1: 401 lines, the ceiling is 400")

    def test_long_function(self):
        heads = {
            "serve": "int serve(int a, int b = 2)",
            "Api::Api": "Api::Api() : m_list{1, 2}, m_text(u'{')",
            "operator==": "bool operator==(const Api &, const Api &)",
            "Api::name": 'Q_MACRO(lcApi, "api{")\n\nQString Api::name() const noexcept',
        }
        for name, head in heads.items():
            with self.subTest(name):
                before = "namespace hearth::api {\n// Braces here { do not count.\n"
                line = 3 + head.count("\n")
                sound, long = (before + head + "\n{\n" + body(lines) + "}\n}\n" for lines in (60, 61))
                self.assertEqual(self.findings({"server/api/api.cpp": sound}), [])
                self.assert_finding(
                    {"server/api/api.cpp": long},
                    f"server/api/api.cpp:{line}: {name}() has 61 lines, the ceiling is 60",
                )

    def test_long_member_function(self):
        text = "class Api\n{\npublic:\n    Api() = default;\n\n    void run()\n    {\n" + body(61) + "    }\n};\n"
        self.assert_finding({"server/api/api.h": text}, "server/api/api.h:6: run() has 61 lines, the ceiling is 60")

    def test_long_table_is_no_function(self):
        text = "const QHash<int, int> table = make({\n" + "    {1, 2},\n" * 80 + "});\n"
        self.assertEqual(self.findings({"server/api/api.cpp": text}), [])

    def test_ceiling_with_a_reason(self):
        reason = "// The table of routes.\n//\n// Ceiling: one row per route, and there are many.\n\n"
        self.assertEqual(self.findings({"server/api/api.h": reason + "\n" * 500}), [])


if __name__ == "__main__":
    unittest.main()
