# What every target of the house is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_AUTOMOC ON)
set(CMAKE_AUTORCC ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

option(HEARTH_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)
option(HEARTH_LTO "Optimise across translation units" OFF)

find_program(HEARTH_CCACHE ccache)
if(HEARTH_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${HEARTH_CCACHE}")
endif()
find_program(HEARTH_MOLD mold)
if(HEARTH_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# No cast in Hearth may lose a bit in silence; Qt's macros make -Wuseless-cast and the like too noisy to keep.
add_compile_options(
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wconversion
  -Wno-sign-conversion -Wduplicated-cond -Wlogical-op -Wnull-dereference -Wformat=2 -fstack-protector-strong)
add_compile_definitions(
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_KEYWORDS QT_NO_URL_CAST_FROM_STRING
  QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_BEFORE=0x060400
  $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)

if(HEARTH_SANITIZE)
  # GCC 12 takes sanitizer checks for possible null dereferences.
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
                      -Wno-null-dereference -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=address,undefined)
endif()
if(HEARTH_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
