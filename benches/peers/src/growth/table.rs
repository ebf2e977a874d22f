//! The table of costs by size, and the same as JSON.

use super::Operation;
use crate::results::spread;
use serde_json::{Value, json};

pub fn head(sizes: &[usize], rounds: usize) {
    println!(
        "\nProcessor time of the client in µs: of a call that finds nothing, then for each thing at each size (medians of \
         {rounds} rounds);\nbelow it that beside 1,000's of the same round, as min median max; and the same of medians, less \
         what a call costs that finds nothing."
    );
    print!("{:26} {:>9}", "", "none");
    for size in sizes {
        print!(" {size:>19}");
    }
    println!();
}

/// Prints an operation: `rounds` are of a call without things, then for each thing at each size.
#[allow(clippy::cast_precision_loss, reason = "sizes are small")]
pub fn row(operation: Operation, sizes: &[usize], rounds: &[Vec<f64>]) -> Value {
    let column = |of: &dyn Fn(&[f64]) -> f64| spread(rounds.iter().map(|round| of(round)).collect());
    let thousand = sizes.iter().position(|size| *size == 1000).unwrap_or_default();
    let none = column(&|round| round[0]);
    let has_none = operation != Operation::Deploy;
    let (mut each, mut ratios) = (Vec::new(), Vec::new());
    for index in 0..sizes.len() {
        each.push(column(&|round| round[index + 1]));
        ratios.push(column(&|round| round[index + 1] / round[thousand + 1]));
    }
    // What things cost beyond the call that brings them, of medians: it is a small difference where there are few things.
    let beyond = |index: usize| each[index][1] - none[1] / sizes[index] as f64;
    let without: Vec<_> = (0..sizes.len()).map(|index| beyond(index) / beyond(thousand)).collect();
    let none_text = if has_none { format!("{:.1}", none[1]) } else { "-".to_owned() };
    print!("{:26} {none_text:>9}", operation.name());
    for [_, median, _] in &each {
        print!(" {median:>19.3}");
    }
    let three = |[least, median, most]: &[f64; 3]| format!("{least:6.2}{median:6.2}{most:6.2}");
    print!("\n{:26} {:>9}", "  beside 1,000's", "");
    for ratio in &ratios {
        print!(" {:>19}", three(ratio));
    }
    if has_none {
        print!("\n{:26} {:>9}", "  beyond the call", "");
        for ratio in &without {
            print!(" {ratio:>19.2}");
        }
    }
    println!();
    let sizes: Vec<_> = (0..sizes.len())
        .map(|index| {
            json!({
                "size": sizes[index], "us_each": each[index], "beside_1000": ratios[index],
                "beyond_the_call_beside_1000": without[index],
            })
        })
        .collect();
    json!({ "operation": operation.name(), "us_call_alone": has_none.then_some(none), "sizes": sizes })
}
