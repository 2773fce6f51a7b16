# The version of everything: that of the first heading of CHANGELOG.md, `## 1.2.3 – …`.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/../CHANGELOG.md")
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../CHANGELOG.md" headings REGEX "^## ")
list(GET headings 0 heading)
if(NOT heading MATCHES "^## ([0-9]+\\.[0-9]+\\.[0-9]+)( |$)")
  message(FATAL_ERROR "CHANGELOG.md: '${heading}' does not begin with a version such as 1.2.3")
endif()
set(HEARTH_VERSION "${CMAKE_MATCH_1}")
