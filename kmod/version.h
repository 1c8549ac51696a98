/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of the modules, the library and the tool: CMake reads it here. Where else
 * it is written, tests/unit/lint-version looks.
 */
#define IMS_VERSION "0.1.0"
