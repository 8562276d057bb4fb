import os,django,time,sys
os.environ['DJANGO_SETTINGS_MODULE']='lanson.settings'; django.setup()
from datetime import date
from indicators.progress import progress
from indicators.sentences import sentence
from indicators.models import *
import csv
if len(sys.argv)>1:
    exp=list(csv.DictReader(open('tests/method_cases/expected.csv')))
    for e in exp:
        r=progress(date.fromisoformat(e['as_of']), Target.objects.filter(indicator__code=e['indicator']))[0]
        print(e['indicator'],r.verdict.status,'|',sentence(r,'vi'),'|',sentence(r,'en'))
else:
    for r in progress(date(2026,11,22)): print(r.target.indicator.code,'|',sentence(r,'vi'),'|',sentence(r,'en'))
