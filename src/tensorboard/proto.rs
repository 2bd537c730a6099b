//! The messages of an event file, as far as they are written: TensorFlow's `event.proto` and
//! `summary.proto`, TensorBoard's `hparams/api.proto` and `hparams/plugin_data.proto`. Fields keep the names
//! and numbers that they have there.

use prost::{Message, Oneof};

#[derive(Clone, PartialEq, Message)]
pub(super) struct Event {
    #[prost(double, tag = "1")]
    pub wall_time: f64,
    #[prost(int64, tag = "2")]
    pub step: i64,
    #[prost(oneof = "event::What", tags = "3, 5")]
    pub what: Option<event::What>,
}

pub(super) mod event {
    use super::{Oneof, Summary};

    #[derive(Clone, PartialEq, Oneof)]
    pub(in super::super) enum What {
        #[prost(string, tag = "3")]
        FileVersion(String),
        #[prost(message, tag = "5")]
        Summary(Summary),
    }
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Summary {
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Value {
    #[prost(string, tag = "1")]
    pub tag: String,
    #[prost(float, optional, tag = "2")]
    pub simple_value: Option<f32>,
    #[prost(message, optional, tag = "4")]
    pub image: Option<Image>,
    #[prost(message, optional, tag = "5")]
    pub histo: Option<Histogram>,
    #[prost(message, optional, tag = "8")]
    pub tensor: Option<Tensor>,
    #[prost(message, optional, tag = "9")]
    pub metadata: Option<Metadata>,
}

impl Value {
    pub fn of(tag: &str) -> Self {
        Self { tag: tag.into(), ..Self::default() }
    }
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Image {
    #[prost(int32, tag = "1")]
    pub height: i32,
    #[prost(int32, tag = "2")]
    pub width: i32,
    #[prost(int32, tag = "3")]
    pub colorspace: i32,
    #[prost(bytes = "vec", tag = "4")]
    pub encoded_image_string: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Histogram {
    #[prost(double, tag = "1")]
    pub min: f64,
    #[prost(double, tag = "2")]
    pub max: f64,
    #[prost(double, tag = "3")]
    pub num: f64,
    #[prost(double, tag = "4")]
    pub sum: f64,
    #[prost(double, tag = "5")]
    pub sum_squares: f64,
    #[prost(double, repeated, tag = "6")]
    pub bucket_limit: Vec<f64>,
    #[prost(double, repeated, tag = "7")]
    pub bucket: Vec<f64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Tensor {
    #[prost(int32, tag = "1")]
    pub dtype: i32,
    #[prost(message, optional, tag = "2")]
    pub tensor_shape: Option<Shape>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Shape {
    #[prost(message, repeated, tag = "2")]
    pub dim: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Dimension {
    #[prost(int64, tag = "1")]
    pub size: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Metadata {
    #[prost(message, optional, tag = "1")]
    pub plugin_data: Option<Plugin>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Plugin {
    #[prost(string, tag = "1")]
    pub plugin_name: String,
    #[prost(bytes = "vec", tag = "2")]
    pub content: Vec<u8>,
}

/// What the page HParams reads.
pub(super) mod hparams {
    use std::collections::BTreeMap;

    use prost::{Message, Oneof};

    use super::super::Hyperparameter;
    use super::{Dimension, Metadata, Plugin, Shape, Tensor, Value};

    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct PluginData {
        #[prost(oneof = "Data", tags = "2, 3, 4")]
        pub data: Option<Data>,
    }

    #[derive(Clone, PartialEq, Oneof)]
    pub(in super::super) enum Data {
        #[prost(message, tag = "2")]
        Experiment(Experiment),
        #[prost(message, tag = "3")]
        Start(Start),
        #[prost(message, tag = "4")]
        End(End),
    }

    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct Experiment {
        #[prost(double, tag = "3")]
        pub time_created_secs: f64,
        #[prost(message, repeated, tag = "4")]
        pub hparam_infos: Vec<Info>,
        #[prost(message, repeated, tag = "5")]
        pub metric_infos: Vec<Metric>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct Info {
        #[prost(string, tag = "1")]
        pub name: String,
        /// 1 is a string, 2 a boolean, 3 a number.
        #[prost(int32, tag = "4")]
        pub kind: i32,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct Metric {
        #[prost(message, optional, tag = "1")]
        pub name: Option<MetricName>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct MetricName {
        #[prost(string, tag = "2")]
        pub tag: String,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct Start {
        #[prost(btree_map = "string, message", tag = "1")]
        pub hparams: BTreeMap<String, Any>,
        #[prost(double, tag = "5")]
        pub start_time_secs: f64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct End {
        /// 1 is success.
        #[prost(int32, tag = "1")]
        pub status: i32,
        #[prost(double, tag = "2")]
        pub end_time_secs: f64,
    }

    /// `google.protobuf.Value`.
    #[derive(Clone, PartialEq, Message)]
    pub(in super::super) struct Any {
        #[prost(oneof = "Kind", tags = "2, 3, 4")]
        pub kind: Option<Kind>,
    }

    #[derive(Clone, PartialEq, Oneof)]
    pub(in super::super) enum Kind {
        #[prost(double, tag = "2")]
        Number(f64),
        #[prost(string, tag = "3")]
        Text(String),
        #[prost(bool, tag = "4")]
        Flag(bool),
    }

    pub(in super::super) fn experiment(
        time: f64,
        values: &[(&str, Hyperparameter)],
        metrics: &[&str],
    ) -> PluginData {
        let kind = |value: &Hyperparameter| match value {
            Hyperparameter::Text(_) => 1,
            Hyperparameter::Flag(_) => 2,
            Hyperparameter::Number(_) => 3,
        };
        let metric = |tag: &&str| Metric { name: Some(MetricName { tag: (*tag).into() }) };
        let info = |(name, value): &(&str, Hyperparameter)| Info {
            name: (*name).into(),
            kind: kind(value),
        };
        let experiment = Experiment {
            time_created_secs: time,
            hparam_infos: values.iter().map(info).collect(),
            metric_infos: metrics.iter().map(metric).collect(),
        };
        PluginData { data: Some(Data::Experiment(experiment)) }
    }

    pub(in super::super) fn start(time: f64, values: &[(&str, Hyperparameter)]) -> PluginData {
        let kind = |value: &Hyperparameter| match value {
            Hyperparameter::Text(text) => Kind::Text(text.clone()),
            Hyperparameter::Flag(flag) => Kind::Flag(*flag),
            Hyperparameter::Number(number) => Kind::Number(*number),
        };
        let hparams = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Any { kind: Some(kind(value)) }))
            .collect();
        PluginData { data: Some(Data::Start(Start { hparams, start_time_secs: time })) }
    }

    pub(in super::super) fn end(time: f64) -> PluginData {
        PluginData { data: Some(Data::End(End { status: 1, end_time_secs: time })) }
    }

    /// The summary that carries plugin data: an empty tensor, which the page asks for.
    pub(in super::super) fn value(tag: &str, content: &PluginData) -> Value {
        const FLOAT: i32 = 1;
        let plugin = Plugin { plugin_name: "hparams".into(), content: content.encode_to_vec() };
        let shape = Shape { dim: vec![Dimension { size: 0 }] };
        Value {
            metadata: Some(Metadata { plugin_data: Some(plugin) }),
            tensor: Some(Tensor { dtype: FLOAT, tensor_shape: Some(shape) }),
            ..Value::of(tag)
        }
    }
}
