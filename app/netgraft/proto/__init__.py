"""The compiled schema: `caffe_pb2` is generated from proto/caffe.proto when the package is built."""
