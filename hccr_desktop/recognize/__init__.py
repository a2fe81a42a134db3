"""How things are done: recognition with onnxruntime, and the models it runs."""
