"""What Caffe means: old formats, phases, the net as Caffe would build it, its checks. Pure: no web, no files."""
