"""Prove a WACZ sound: its package and its ZIP, its index and its pages against its WARCs."""
