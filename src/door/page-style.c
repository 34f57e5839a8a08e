// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/api.h"

/* The one style sheet of the plain pages: one column, system letters, light and dark, no picture. */
static const char style[] =
        ":root{color-scheme:light dark;--ink:#1d2327;--dim:#55606a;--paper:#fff;--ground:#f3f4f5;--line:#c9ced3;"
        "--main:#1f5e8c;--on-main:#fff;--alarm:#8c1d18;--alarm-ground:#fbeceb;--focus:#1f5e8c}\n"
        "@media (prefers-color-scheme:dark){:root{--ink:#e8eaec;--dim:#a9b2ba;--paper:#1f2428;--ground:#15181b;"
        "--line:#454d55;--main:#8fc4ec;--on-main:#0d1b26;--alarm:#ffb4ab;--alarm-ground:#3b1917;--focus:#8fc4ec}}\n"
        "*{box-sizing:border-box}\n"
        "body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);"
        "font:1rem/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\",sans-serif}\n"
        "header,main,footer{max-width:28rem;margin:0 auto;padding:0 1.25rem}\n"
        "header{padding-top:2.5rem;padding-bottom:1rem;color:var(--dim);letter-spacing:.04em}\n"
        "main{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding-top:1.5rem;"
        "padding-bottom:1.5rem}\n"
        "h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem;font-weight:600}\n"
        "h2{font-size:1rem;margin:1.75rem 0 .5rem;padding-top:1.25rem;border-top:1px solid var(--line)}\n"
        "p,ul,dl{margin:0 0 1rem}\nul{padding-left:1.25rem}\nli{margin:.25rem 0}\n"
        "dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}\ndt{color:var(--dim)}\n"
        "dd{margin:0;overflow-wrap:anywhere}\n"
        "label{display:block;margin-bottom:.25rem;font-weight:600}\n"
        "input{width:100%;padding:.6rem .75rem;font:inherit;color:inherit;background:var(--paper);"
        "border:1px solid var(--dim);border-radius:.4rem}\n"
        "input.code,.shown{font-family:ui-monospace,\"DejaVu Sans Mono\",monospace;letter-spacing:.12em}\n"
        "input.code{font-size:1.35rem;text-transform:uppercase}\n"
        ".shown{font-size:1.6rem;text-align:center;padding:.75rem;border:1px dashed var(--dim);border-radius:.4rem}\n"
        "ul.list{list-style:none;padding:0}\nul.list li{padding:.75rem 0;border-bottom:1px solid var(--line)}\n"
        "[hidden]{display:none}\n[data-passkey] .alarm{margin:.75rem 0 0}\n"
        "small{display:block;margin-top:.25rem;color:var(--dim)}\n"
        "button,a.button{display:block;width:100%;margin:.75rem 0 0;padding:.7rem 1rem;font:inherit;font-weight:600;"
        "text-align:center;text-decoration:none;color:var(--ink);background:transparent;border:1px solid var(--dim);"
        "border-radius:.4rem;cursor:pointer}\n"
        "button.main{color:var(--on-main);background:var(--main);border-color:var(--main)}\n"
        "button:hover,a.button:hover{filter:brightness(1.08)}\n"
        ":focus-visible{outline:3px solid var(--focus);outline-offset:2px}\n"
        ".alarm{padding:.75rem 1rem;color:var(--alarm);background:var(--alarm-ground);border-radius:.4rem}\n"
        "footer{display:flex;gap:1rem;align-items:center;justify-content:space-between;padding-top:1rem;"
        "padding-bottom:2rem;color:var(--dim);font-size:.9rem}\n"
        "footer p{margin:0;overflow-wrap:anywhere}\nfooter button{margin:0;width:auto;padding:.4rem .8rem}\n";

int style_answer(struct request *request)
{
        int r = http_add_header(request->x, "Cache-Control", "public, max-age=3600");

        if (r == 0)
                r = http_add_header(request->x, "X-Content-Type-Options", "nosniff");
        return r ? r : http_respond(request->x, 200, "text/css; charset=utf-8", TEXT_OF(style));
}
