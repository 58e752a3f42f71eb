"""Records of the National Public Service Portal, with every slot typed or said to be unreadable."""
