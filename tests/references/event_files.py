"""Prints what TensorBoard's own reader finds in a folder of event files, as JSON.

    python -m pip install tensorboard==2.21.0
    GRADUS_RECORD=1 cargo test --test tensorboard    # writes tests/references/event_files/
    python tests/references/event_files.py tests/references/event_files > tests/references/event_files.json
"""

import io
import json
import math
import sys

import tensorboard
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata
from tensorboard.util import tensor_util  # noqa: F401 (its import registers the tensors' types)

events = EventAccumulator(sys.argv[1], size_guidance={"images": 0, "histograms": 0, "scalars": 0})
events.Reload()


def number(value):
    return value if math.isfinite(value) else str(value)


def histogram(h):
    lefts = [h.min, *h.bucket_limit[:-1]]
    buckets = [list(b) for b in zip(lefts, h.bucket_limit, h.bucket)]
    return {"min": h.min, "max": h.max, "num": h.num, "sum": h.sum, "sum_squares": h.sum_squares, "buckets": buckets}


def image(i):
    picture = Image.open(io.BytesIO(i.encoded_image_string))
    assert picture.size == (i.width, i.height)
    picture.load()
    return [i.step, i.width, i.height, picture.format]


def value(v):
    return getattr(v, v.WhichOneof("kind"))


content = events.SummaryMetadata
plugin = {tag: content(tag).plugin_data.content for tag in events.PluginTagToContent("hparams")}
experiment = metadata.parse_experiment_plugin_data(plugin[metadata.EXPERIMENT_TAG])
start = metadata.parse_session_start_info_plugin_data(plugin[metadata.SESSION_START_INFO_TAG])
end = metadata.parse_session_end_info_plugin_data(plugin[metadata.SESSION_END_INFO_TAG])

tags = events.Tags()
print(
    json.dumps(
        {
            "tensorboard": tensorboard.__version__,
            "events": {
                "scalars": {t: [[e.step, number(e.value)] for e in events.Scalars(t)] for t in tags["scalars"]},
                "histograms": {
                    t: [[e.step, histogram(e.histogram_value)] for e in events.Histograms(t)]
                    for t in tags["histograms"]
                },
                "images": {t: [image(i) for i in events.Images(t)] for t in tags["images"]},
            },
            "hparams": {
                "names": [info.name for info in experiment.hparam_infos],
                "metrics": [info.name.tag for info in experiment.metric_infos],
                "values": {name: value(v) for name, v in start.hparams.items()},
                "status": type(end).DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[end.status].name,
            },
        },
        sort_keys=True,
    )
)
