import hccr_desktop  # noqa: F401 - before onnxruntime: it tells libraries to send nothing
