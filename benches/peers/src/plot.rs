//! `results.svg`, drawn from `results.json`: what each contender uses of the processor beside the first.

use crate::calls::{Contender, Summary};
use crate::results::{Options, read};
use std::fmt::Write as _;
use std::process::ExitCode;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 60.0;
const ROW: f64 = 17.0;
const TITLE: f64 = 26.0;
/// Ratios that the axis shows; it is logarithmic.
const AXIS: [f64; 2] = [0.5, 1024.0];

pub fn main(arguments: &[String]) -> ExitCode {
    let options = Options::parse(arguments);
    let results = read(&options.results);
    let operations = results.get("calls").map(|calls| calls["operations"].clone()).unwrap_or_default();
    let Ok(operations) = serde_json::from_value::<Vec<Summary>>(operations) else {
        eprintln!("{} has no calls", options.results.display());
        return ExitCode::FAILURE;
    };
    let text =
        |part: &str, name: &str| results.get(part).and_then(|part| part[name].as_str()).unwrap_or_default().to_owned();
    let date = text("machine", "date");
    let (day, _) = date.split_once('T').unwrap_or((&date, ""));
    let subtitle = format!("bollard {}, hyper {}, {day}", text("machine", "bollard"), text("machine", "hyper"));
    let path = options.results.with_extension("svg");
    std::fs::write(&path, draw(&operations, &subtitle)).expect("the plot's file");
    println!("{}", path.display());
    ExitCode::SUCCESS
}

fn draw(operations: &[Summary], subtitle: &str) -> String {
    let mut marks = String::new();
    let mut y = 62.0;
    for summary in operations {
        draw_operation(&mut marks, summary, &mut y);
    }
    let height = y + 34.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#24292f\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#ffffff\"/>\n\
         <text x=\"16\" y=\"26\" font-size=\"16\" font-weight=\"600\">Processor time beside the floor, or beside cat (less is better)</text>\n\
         <text x=\"16\" y=\"44\" fill=\"#57606a\">Medians, with a line from the least to the most of the rounds; {subtitle}</text>\n"
    );
    draw_axis(&mut svg, 54.0, y);
    svg + &marks + "</svg>\n"
}

/// Where a ratio is on the axis.
fn x(ratio: f64) -> f64 {
    let [from, to] = AXIS;
    LEFT + (WIDTH - LEFT - RIGHT) * (ratio.clamp(from, to) / from).log2() / (to / from).log2()
}

fn draw_axis(svg: &mut String, top: f64, bottom: f64) {
    for tick in [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0] {
        let (at, color) = (x(tick), if (tick - 1.0_f64).abs() < f64::EPSILON { "#57606a" } else { "#e3e6ea" });
        let _ = writeln!(
            svg,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{top}\" y2=\"{bottom:.1}\" stroke=\"{color}\"/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#57606a\">{tick}×</text>",
            bottom + 18.0
        );
    }
}

fn draw_operation(svg: &mut String, summary: &Summary, y: &mut f64) {
    *y += TITLE;
    let title = title(&summary.operation);
    let first = summary.contenders.first().map_or("", |first| first.name.as_str());
    let _ = writeln!(
        svg,
        "<text x=\"16\" y=\"{:.1}\" font-weight=\"600\">{title}</text>\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#57606a\">{first} = 1</text>",
        *y - 8.0,
        WIDTH - 12.0,
        *y - 8.0
    );
    for contender in &summary.contenders {
        draw_row(svg, contender, *y);
        *y += ROW;
    }
}

fn draw_row(svg: &mut String, contender: &Contender, y: f64) {
    let [least, median, most] = contender.cpu_to_first;
    let (color, weight) = match contender.name.as_str() {
        "longshore" => ("#0969da", "600"),
        "bollard" => ("#bc4c00", "400"),
        _ => ("#8c959f", "400"),
    };
    let (middle, baseline) = (y + ROW / 2.0, y + ROW / 2.0 + 4.0);
    let (begin, end) = (x(1.0).min(x(median)), x(1.0).max(x(median)));
    let digits = usize::from(median < 10.0) * 2;
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{baseline:.1}\" text-anchor=\"end\" font-weight=\"{weight}\">{}</text>\
         <rect x=\"{begin:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"9\" fill=\"{color}\" opacity=\"0.35\"/>\
         <line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\" stroke=\"{color}\" stroke-width=\"2\"/>\
         <circle cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"3.5\" fill=\"{color}\"/>\
         <text x=\"{:.1}\" y=\"{baseline:.1}\" font-weight=\"{weight}\">{median:.digits$}</text>",
        LEFT - 42.0,
        contender.name,
        middle - 4.5,
        end - begin,
        x(least),
        x(most),
        x(median),
        x(most).max(x(1.0)) + 8.0
    );
}

fn title(operation: &str) -> String {
    let (name, size) = operation.split_once(':').unwrap_or((operation, ""));
    let bytes = |size: &str| size.parse::<f64>().unwrap_or(0.0);
    match name {
        "list" => format!("list of {size}"),
        "logs-packed" => format!("{:.2} GB of logs in frames of 108 bytes, packed", bytes(size) * 108.0 / 1e9),
        "logs-chunked" => format!("{:.2} GB of logs in frames of 108 bytes, each a chunk", bytes(size) * 108.0 / 1e9),
        "pull" => format!("progress of a pull, {size} records"),
        "callers" => "64 callers at once, ping".to_owned(),
        "build" => format!("build context of {:.1} GiB", bytes(size) / f64::from(1 << 30)),
        "load" | "save" => format!("image {name} of {:.1} GiB", bytes(size) / f64::from(1 << 30)),
        name => name.to_owned(),
    }
}
