/* SPDX-License-Identifier: MIT
 *
 * Owns the parts of the HTML report that do not depend on the report: the files in tools/html/ as they are, each
 * with a NUL byte behind it (html.h). The assembler reads them from the project's top folder. */

        .section .rodata

        .globl  html_page
html_page:
        .incbin "tools/html/page.html"
        .byte   0

        .globl  html_style
html_style:
        .incbin "tools/html/style.css"
        .byte   0

/* Each script is a function of its own; page.js starts the others, so it is the last. */
        .globl  html_script
html_script:
        .incbin "tools/html/icicle.js"
        .incbin "tools/html/timeline.js"
        .incbin "tools/html/site.js"
        .incbin "tools/html/page.js"
        .byte   0

        .section .note.GNU-stack, "", @progbits
