# Where everything goes: the program with its pages and completions, and the library for C++ programs.
include(CMakePackageConfigHelpers)

set(top ${PROJECT_SOURCE_DIR})
install(TARGETS bookafy-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(FILES ${top}/README.md ${top}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(FILES ${top}/src/manifest/subscriptions.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/bookafy COMPONENT program)
install(FILES ${top}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT program)

foreach(section 1 5)
  file(GLOB pages CONFIGURE_DEPENDS ${top}/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT program)
endforeach()

function(install_completion file destination name)
  install(FILES ${top}/completions/${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${destination} RENAME ${name}
          COMPONENT program)
endfunction()
install_completion(bookafy.bash bash-completion/completions bookafy)
install_completion(_bookafy zsh/vendor-completions _bookafy)
install_completion(bookafy.fish fish/vendor_completions.d bookafy.fish)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/bookafy)
install(TARGETS bookafy EXPORT bookafyTargets COMPONENT development)
install(DIRECTORY ${top}/include/bookafy DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT bookafyTargets NAMESPACE bookafy:: DESTINATION ${package_dir} COMPONENT development)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/bookafyConfig.cmake.in ${PROJECT_BINARY_DIR}/bookafyConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/bookafyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/bookafyConfig.cmake ${PROJECT_BINARY_DIR}/bookafyConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT development)

# `cpack -G DEB` packs the program alone.
set(CPACK_PACKAGE_CONTACT "The bookafy authors <bookafy@example.org>")
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME bookafy)
set(CPACK_DEBIAN_PROGRAM_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
if(BOOKAFY_LAZY_LIBRARIES)  # dpkg-shlibdeps does not see a library that is loaded on first use
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4 (>= ${bookafy_minimum_curl}), libssl3, libsqlite3-0 (>= 3.37), libmicrohttpd12 (>= 0.9.75)")
endif()
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/compress.cmake)
include(CPack)
