/** Colours, light and dark. */
export const PALETTE = `:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#17202b;--soft:#5c6775;--line:#e3e7ec;--rest:#dde3ea;--one:#2a6fdb;--two:#7a5af0;--three:#c9a227;--good:#177a4f;--warn:#96610f;--bad:#c53434}
@media screen and (prefers-color-scheme:dark){:root{--bg:#11161d;--card:#19202a;--ink:#e6ebf1;--soft:#9aa7b6;--line:#2a3441;--rest:#3a4757;--one:#6aa3ff;--two:#a793ff;--three:#d9b648;--good:#4cc38a;--warn:#e3ab4e;--bad:#ff7b72}}`;

/** Looks of the report, light and dark. */
export const STYLE = `
${PALETTE}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:36px 24px 64px}h1{font-size:34px;margin:0;letter-spacing:-.02em}h2{font-size:19px;margin:0 0 10px}
header p{max-width:780px;color:var(--soft);margin:6px 0 20px}section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px 22px;margin:18px 0}
.stats{display:grid;grid-template-columns:repeat(6,1fr);gap:12px}.stats div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}.stats b{display:block;font-size:21px;font-variant-numeric:tabular-nums}.stats span{color:var(--soft);font-size:12.5px}
.note{color:var(--soft);font-size:13.5px;margin:4px 0 10px}svg{width:100%;height:auto;display:block;overflow:visible}svg text{font:11px system-ui,sans-serif;fill:var(--ink)}
.tick{fill:var(--soft)!important}.tick.strong{fill:var(--ink)!important}.end{text-anchor:end}.mid{text-anchor:middle}.title{font-weight:600!important;font-size:12.5px!important}.value{font-weight:600!important}
.grid{stroke:var(--line)}.zero{stroke:var(--soft)}.line{stroke-width:1.8;stroke-linejoin:round}.line.one{stroke:var(--one)}.line.two{stroke:var(--two)}.fill{opacity:.1}.fill.one{fill:var(--one)}.fill.two{fill:var(--two)}
.value.one{fill:var(--one)}.value.two{fill:var(--two)}.need{fill:var(--warn);opacity:.16}.need-line{stroke:var(--warn);stroke-width:1.2}.initial-line{stroke:var(--warn);stroke-width:1;stroke-dasharray:2 3;opacity:.8}.band{fill:var(--bad);opacity:.35}
.mark.bad{fill:var(--bad)}.mark-line{stroke:var(--soft);stroke-dasharray:4 3}.mark-line.strong{stroke:var(--ink);stroke-width:1.6;stroke-dasharray:none}.link{stroke:var(--soft);stroke-dasharray:3 3}
.bar.one,.key.one{fill:var(--one);background:var(--one)}.bar.two{fill:var(--two)}.bar.three,.key.three{fill:var(--three);background:var(--three)}.bar.bad{fill:var(--bad)}.bar.warn{fill:var(--warn)}.bar.rest{fill:var(--rest)}
.key{display:inline-block;width:11px;height:11px;border-radius:3px;margin:0 5px 0 8px}.cards{display:grid;grid-template-columns:repeat(3,1fr);gap:14px}.cards.two{grid-template-columns:repeat(2,1fr)}.card{margin:0;border:1px solid var(--line);border-radius:10px;padding:10px 12px}
figcaption{font-size:12.5px;color:var(--soft);min-height:40px;margin-bottom:4px}figcaption b:first-child{color:var(--ink);font-size:13.5px}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
table{border-collapse:collapse;width:100%;font-size:13.5px}th,td{text-align:left;padding:6px 8px;border-bottom:1px solid var(--line);vertical-align:top}thead th,thead td{color:var(--soft);font-weight:500;font-size:12.5px}tbody th{font-weight:600}th small{display:block;color:var(--soft);font-weight:400;font-size:12px}.n{text-align:right;font-variant-numeric:tabular-nums}
thead td[colspan="2"]{text-align:right}.pair{display:grid;grid-template-columns:1fr 1fr;align-items:start;gap:28px;margin-top:14px}.checks{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:1fr 1fr;gap:4px 24px}.checks li{color:var(--ink);padding-left:22px;position:relative}.checks li:before{content:"✓";color:var(--good);position:absolute;left:0;font-weight:700}.checks li.bad:before{content:"✗";color:var(--bad)}
footer{color:var(--soft);font-size:12.5px;margin-top:26px}@media(max-width:860px){.stats{grid-template-columns:repeat(2,1fr)}.cards,.cards.two,.pair,.checks{grid-template-columns:1fr}section{overflow-x:auto}}
@media print{body{background:#fff}section{break-inside:avoid}}
`;
