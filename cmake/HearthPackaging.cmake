# RPM packages by `cpack -G RPM`, one for each install component; installer/build-rpm.sh runs it. What is in them and what
# they do stands in installer/rpm. Debian's packages are debhelper's, from installer/debian.

# hearth_package_texts(PACKAGE SUMMARY DESCRIPTION)   the two variables become what Debian's control file says: the texts
#   stand there once, for both kinds of package. RPM wants the summary to begin with a capital.
function(hearth_package_texts package summary_variable description_variable)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/installer/debian/control")
  file(READ "${CMAKE_SOURCE_DIR}/installer/debian/control" control)
  string(FIND "${control}" "\nPackage: ${package}\n" start)
  string(SUBSTRING "${control}" ${start} -1 stanza)
  if(start EQUAL -1 OR NOT stanza MATCHES "\nDescription: ([^\n]+)\n(( [^\n]+\n)+)")
    message(FATAL_ERROR "installer/debian/control does not describe ${package}")
  endif()
  set(summary "${CMAKE_MATCH_1}")
  set(description "${CMAKE_MATCH_2}")

  string(SUBSTRING "${summary}" 0 1 initial)
  string(SUBSTRING "${summary}" 1 -1 rest)
  string(TOUPPER "${initial}" initial)
  string(REGEX REPLACE "(^|\n) " "\\1" description "${description}")
  string(REGEX REPLACE "\n\\.\n" "\n\n" description "${description}")

  set(${summary_variable} "${initial}${rest}" PARENT_SCOPE)
  set(${description_variable} "${description}" PARENT_SCOPE)
endfunction()

set(CPACK_GENERATOR RPM)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_NAME hearth)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_RELOCATABLE OFF)
set(CPACK_HEARTH_SOURCE_DIR "${CMAKE_SOURCE_DIR}")

set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_COMPONENTS_ALL server publisher tray)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} COMPONENT)
  set(CPACK_RPM_${COMPONENT}_USER_BINARY_SPECFILE "${CMAKE_SOURCE_DIR}/installer/rpm/hearth-${component}.spec")
  hearth_package_texts(hearth-${component} CPACK_HEARTH_${COMPONENT}_SUMMARY CPACK_HEARTH_${COMPONENT}_DESCRIPTION)
endforeach()
include(CPack)
