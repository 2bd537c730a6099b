//! The numbers of many links as this machine computes them, a line of JSON each:
//! what `tests/browser/one-source.mjs` holds the WebAssembly to.

use serde_json::json;

const RULES: [&str; 16] = [
    "gradient descent",
    "momentum",
    "Nesterov",
    "SGD",
    "AdaGrad",
    "RMSProp",
    "AdaDelta",
    "Adam",
    "AdamW",
    "AMSGrad",
    "AdaMax",
    "NAdam",
    "RAdam",
    "AdaBound",
    "Yogi",
    "Lion",
];

fn main() -> Result<(), String> {
    let mut links = Vec::new();
    for rule in RULES {
        for problem in ["ravine", "Rosenbrock", "plateau"] {
            for more in ["", "&schedule=warm-up and cosine&noise=0.1"] {
                links.push(format!("descent?problem={problem}&a.rule={rule}{more}"));
            }
        }
    }
    for problem in gradus::problems::gallery() {
        // At the usual rate Ackley's waves throw a path about, so that it tells the last bit of a sine.
        let rate = if problem.name == "Ackley" { "&a.rate=0.01" } else { "" };
        links.push(format!("descent?problem={}{rate}", problem.name));
    }
    links.extend(["", "?kappa=400&momentum=0.8", "?rate=0.08"].map(|q| format!("conditioning{q}")));
    for entry in gradus::schedule::catalogue().map_err(|e| e.to_string())? {
        if entry.name != "warm-up" {
            links.push(format!("schedules?kind={}&warm=10&next=linear to 0", entry.name));
        }
    }
    for loss in ["softmax", "SVM"] {
        for penalty in ["none", "L2", "L1", "elastic net"] {
            links.push(format!("classifier?loss={loss}&penalty={penalty}"));
        }
    }
    for basis in ["powers", "bumps", "waves"] {
        // So many points that least squares of every degree is well conditioned.
        links.push(format!("fitting?basis={basis}&n=60"));
        links.push(format!("fitting?basis={basis}&method=gradient steps&batch=5"));
    }
    for function in ["exp(x) sin(x)", "sin(x)", "log(1 %2B exp(x))"] {
        for difference in ["forward", "centred", "five-point"] {
            links.push(format!("gradient-check?function={function}&difference={difference}"));
        }
    }
    for data in ["spirals", "rings", "three discs"] {
        links.push(format!("net?data={data}&steps=30"));
        links.push(format!("net?data={data}&steps=30&activation=sigmoid&rule=SGD"));
    }
    for link in links {
        let link = link.replace(' ', "+");
        println!("{}", json!({ "link": link, "numbers": gradus_web::numbers(&link)? }));
    }
    Ok(())
}
