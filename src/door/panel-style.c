// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/api.h"

/*
 * The style sheet of panels: for screens of 480 by 272 and up, in browsers that know neither variables nor
 * grids; every target at least 44 pixels high. The script of panels lies beside it.
 */
static const char style[] =
        "*{box-sizing:border-box}\n"
        "body{margin:0;background:#f3f4f5;color:#1d2327;font:17px/1.4 \"Segoe UI\",Roboto,\"DejaVu Sans\",Arial,sans-serif}\n"
        ".head{background:#1f5e8c;color:#fff;padding:6px 12px;min-height:56px;overflow:hidden}\n"
        ".head .name{font-size:20px;font-weight:bold;padding:8px 0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\n"
        ".head small{font-weight:normal;margin:0 12px;opacity:.95}\n.head small.stopped{background:#fff;color:#8c1d18;padding:2px 8px;border-radius:4px}\n"
        ".head .whose{float:right;margin-left:12px;max-width:60%}\n"
        ".head .whose bdi{display:inline-block;max-width:220px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:middle}\n"
        ".head form{display:inline-block;vertical-align:middle;margin:0 0 0 8px}\n"
        ".head button{margin:0;background:#fff;color:#1d2327}\n"
        "div.main{padding:8px 12px 16px;overflow:hidden}\n"
        "h1{font-size:20px;margin:4px 0 8px}\nh2{font-size:17px;margin:0 0 6px}\np{margin:0 0 8px}\nform{margin:0}\n"
        "small,.small{display:block;font-size:14px;color:#4a555f}\n.head small{display:inline;color:#fff}\n"
        ".half{float:left;width:50%;padding:0 8px 0 0}\n.half+.half{padding:0 0 0 16px;border-left:1px solid #c9ced3}\n"
        "label{display:block;font-weight:bold}\n"
        "input,select{width:100%;min-height:44px;padding:8px 10px;font:inherit;color:inherit;background:#fff;border:1px solid #55606a;border-radius:4px}\n"
        "input[type=checkbox]{width:30px;height:30px;min-height:30px;margin:7px;vertical-align:middle}\n"
        "button,a.button{display:inline-block;min-height:44px;min-width:44px;margin:4px 8px 4px 0;padding:9px 16px;font:inherit;font-weight:bold;"
        "line-height:24px;text-align:center;text-decoration:none;color:#1d2327;background:#fff;border:1px solid #55606a;border-radius:4px;cursor:pointer}\n"
        "button.main,a.main{color:#fff;background:#1f5e8c;border-color:#1f5e8c}\n"
        "button:focus,a:focus,input:focus,select:focus{outline:3px solid #e08a00;outline-offset:1px}\n"
        ".alarm{padding:8px 12px;color:#8c1d18;background:#fbeceb;border:1px solid #8c1d18;border-radius:4px}\n"
        ".badge{padding:8px 12px;background:#e3eff8;border-radius:4px;font-weight:bold}\n"
        ".qr,.preview{text-align:center}\n.qr img{width:200px;height:200px;background:#fff;max-width:100%}\n"
        ".preview img{max-width:100%;max-height:420px;min-height:60px;background:#fff;border:1px solid #c9ced3}\n"
        ".shown{font:bold 24px/1.2 \"DejaVu Sans Mono\",monospace;letter-spacing:2px;text-align:center}\n"
        ".bar{margin:0}\n.title{font-weight:bold;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\n"
        "table.jobs{width:100%;table-layout:fixed;border-collapse:collapse;background:#fff;border:1px solid #c9ced3}\n"
        "table.jobs td{padding:4px 8px;border-bottom:1px solid #c9ced3;overflow:hidden;word-wrap:break-word}\n"
        "table.jobs td.pick{width:60px}\ntable.jobs td.open{width:120px;text-align:right}\n"
        "table.jobs label{line-height:24px;max-height:48px;overflow:hidden;font-weight:bold}\n"
        "table.jobs td div{line-height:24px;max-height:48px;overflow:hidden}\ntd.printed{color:#14602c;font-weight:bold}\ntd.uncertain{color:#8c1d18}\n"
        ".tick label{display:inline-block}\n.countdown{font-size:20px}\n"
        ".keypad{margin:0 0 8px}\n.keypad[hidden]{display:none}\n.keypad button{width:14.6%;margin:2px 1%;padding:6px 0;font-size:19px}\n"
        "#left{position:fixed;left:0;right:0;bottom:0;padding:10px;background:#fff3d6;border-top:2px solid #e08a00;text-align:center;font-weight:bold}\n"
        "@media (max-width:460px){.half,.half+.half{float:none;width:auto;padding:0;border:0}.head .whose bdi{max-width:120px}.keypad button{width:31%}}\n"
        "@media (max-width:600px){body{font-size:15px}.qr img{width:150px;height:150px}table.jobs td.open{width:100px}.head .name{font-size:17px}.head .whose bdi{max-width:150px;font-size:14px}.head button{padding:9px 10px}}\n"
        "@media (max-height:300px){.head{min-height:48px;padding:2px 8px}.head .name{padding:9px 0}h1{font-size:17px;margin:0 0 4px}"
        ".qr img{width:110px;height:110px}.keypad,.hint{display:none}.badge{padding:4px 8px;margin:0 0 4px}}\n";

/* Ended by NUL; made by web/embed.py. */
extern const char panel_script[];

static int answer(struct request *request, const char *type, struct text octets)
{
        int r = http_add_header(request->x, "Cache-Control", "public, max-age=3600");

        if (r == 0)
                r = http_add_header(request->x, "X-Content-Type-Options", "nosniff");
        return r ? r : http_respond(request->x, 200, type, octets);
}

int panel_style_answer(struct request *request)
{
        return answer(request, "text/css; charset=utf-8", TEXT_OF(style));
}

int panel_script_answer(struct request *request)
{
        return answer(request, "text/javascript; charset=utf-8", text_from(panel_script));
}
